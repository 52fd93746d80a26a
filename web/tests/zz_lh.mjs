import { launch } from "chrome-launcher"; import lighthouse, { desktopConfig } from "lighthouse"; import { createServer } from "http"; import { readFileSync, existsSync, statSync } from "fs"; import zlib from "zlib"; import { join, extname } from "path";
const DIST = process.env.DIST ?? "/work/main/dist"; const T = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain" };
const cache = new Map();
const srv = createServer((q, r) => { let p = decodeURIComponent(q.url.split("?")[0]); if (p.endsWith("/")) p += "index.html"; const f = join(DIST, p); if (!existsSync(f) || !statSync(f).isFile()) { r.writeHead(404); return r.end(); } if (!cache.has(f)) cache.set(f, zlib.brotliCompressSync(readFileSync(f))); r.writeHead(200, { "content-type": T[extname(f)] ?? "text/plain", "content-encoding": "br", "cache-control": "max-age=31536000" }); r.end(cache.get(f)); });
await new Promise((d) => srv.listen(0, d)); const base = `http://localhost:${srv.address().port}/`;
for (const [form, at] of (process.argv[2] ?? "mobile,;desktop,;mobile,#/lease/no-fencing;desktop,#/lease/no-fencing").split(";").map((x) => x.split(","))) for (let n = 0; n < +(process.argv[3] ?? 1); n++) {
  const chrome = await launch({ chromePath: "/usr/bin/chromium", chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
  const { lhr } = await lighthouse(base + at, { port: chrome.port, onlyCategories: ["performance"], logLevel: "error" }, form == "desktop" ? desktopConfig : undefined);
  const a = lhr.audits; console.log(form, at || "start", Math.round(lhr.categories.performance.score * 100), ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index", "interactive"].map((k) => `${k}=${a[k].displayValue}(${a[k].score})`).join(" "));
  if (process.env.MORE) { for (const k of ["largest-contentful-paint-element", "layout-shifts", "long-tasks", "network-requests", "mainthread-work-breakdown", "bootup-time", "lcp-breakdown-insight","cls-culprits-insight", "network-dependency-tree-insight"]) console.log(k, JSON.stringify(a[k]?.details ?? null).slice(0, 2500)); }
  await chrome.kill();
}
srv.close();
