import { chromium } from "playwright-core"; import { createServer } from "http"; import { readFileSync, existsSync, statSync } from "fs"; import zlib from "zlib"; import { join, extname } from "path";
const DIST = process.env.DIST ?? "/work/main/dist"; const T = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain" };
const cache = new Map();
const srv = createServer((q, r) => { let p = decodeURIComponent(q.url.split("?")[0]); if (p.endsWith("/")) p += "index.html"; const f = join(DIST, p); if (!existsSync(f) || !statSync(f).isFile()) { r.writeHead(404); return r.end(); } r.writeHead(200, { "content-type": T[extname(f)] ?? "text/plain" }); r.end(readFileSync(f)); });
await new Promise((d) => srv.listen(0, d)); const base = `http://localhost:${srv.address().port}/`;
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await (await b.newContext({ viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true })).newPage();
const c = await b.newBrowserCDPSession(); const ev = []; c.on("Tracing.dataCollected", ({ value }) => ev.push(...value));
const p = await page.context().newCDPSession(page); if (process.argv[3]) await p.send("Emulation.setCPUThrottlingRate", { rate: +process.argv[3] });
await c.send("Tracing.start", { categories: "devtools.timeline,v8,v8.wasm,disabled-by-default-devtools.timeline", transferMode: "ReportEvents" });
await page.goto(base + (process.argv[2] ?? "")); await page.waitForTimeout(8000);
console.log("nodes", await page.evaluate(() => document.querySelectorAll("*").length));
const done = new Promise((d) => c.once("Tracing.tracingComplete", d)); await c.send("Tracing.end"); await done; await b.close(); srv.close();
const mains = ev.filter((e) => e.name == "thread_name" && e.args.name == "CrRendererMain"); const cnt = (t) => ev.filter((x) => x.tid == t.tid && x.pid == t.pid && x.name == "Layout").length; const main = mains.sort((a, b) => cnt(b) - cnt(a))[0];
const own = ev.filter((e) => e.pid == main.pid && e.tid == main.tid && e.ph == "X"); const t0 = Math.min(...own.filter(e=>e.ts>0).map((e) => e.ts));
const tasks = own.filter((e) => e.name == "RunTask" || e.name == "ThreadControllerImpl::RunTask").filter((e) => e.dur > 25000).sort((a, b) => a.ts - b.ts);
for (const t of tasks.slice(0, 40)) { const sub = {}; for (const e of own) if (e.ts >= t.ts && e.ts + e.dur <= t.ts + t.dur && e !== t && e.dur > 500) sub[e.name] = (sub[e.name] ?? 0) + e.dur / 1000; console.log(((t.ts - t0) / 1000).toFixed(0), (t.dur / 1000).toFixed(0), Object.entries(sub).sort((a, b) => b[1] - a[1]).slice(0, 9).map(([k, v]) => `${k} ${v.toFixed(0)}`).join(", ")); }
const sum = {}; for (const e of own) if (["Layout", "UpdateLayoutTree", "Paint", "PrePaint", "Layerize", "Commit", "FunctionCall", "EvaluateScript", "TimerFire", "FireAnimationFrame", "RunMicrotasks","HitTest","IntersectionObserverController::computeIntersections"].includes(e.name)) (sum[e.name] ??= [0, 0]), sum[e.name][0]++, (sum[e.name][1] += e.dur / 1000); console.log(sum);
