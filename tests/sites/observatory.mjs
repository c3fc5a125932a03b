// Prints what Mozilla's HTTP Observatory says about a host name whose ports 80 and 443 are others on this computer:
// node observatory.mjs HOST PORT_OF_HTTP PORT_OF_HTTPS

import { Socket } from "node:net";
import { scan } from "@mdn/mdn-http-observatory";

const [host, http, https] = process.argv.slice(2);
const ports = { 80: Number(http), 443: Number(https) };
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (options?.host === host) Object.assign(options, { host: "127.0.0.1", port: ports[options.port], lookup: undefined });
  return connect.apply(this, given);
};
console.log(JSON.stringify(await scan(host)));
