import { duckdbPlace } from '../support/duckdb-place.ts';
import { destinationContract } from './destination-contract.ts';

destinationContract('DuckDB', duckdbPlace);
