import { writeFileSync } from 'node:fs';
import { ASYNCAPI_FILE, asyncapiFile } from './asyncapi-file.js';

writeFileSync(ASYNCAPI_FILE, asyncapiFile());
