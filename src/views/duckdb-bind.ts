/** Implements `Dialect.bind`. */
export function duckdbBind(name: string, value: string, inside: (name: string) => string): string {
  return `list_transform([${value}], lambda ${name}: ${inside(name)})[1]`;
}
