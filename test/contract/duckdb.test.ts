import { temporaryDatabase } from '../support/duckdb/temporary-database.ts';
import { destinationContract } from './destination-contract.ts';

destinationContract('DuckDB', temporaryDatabase);
