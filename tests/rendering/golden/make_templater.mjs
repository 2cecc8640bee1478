// Writes templater.json beside this file: what Templater's own engine makes of many tags, its date functions being written
// with Moment as Templater's documentation says.
//
//   npm install --no-save moment@2.30.1 @silentvoid13/rusty_engine@0.4.0      (in a folder of your choice)
//   node make_templater.mjs that-folder/node_modules

import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const modules = resolve(process.argv[2])
const engine = join(modules, '@silentvoid13', 'rusty_engine')
// The package is a module without the ending that Node wants of one.
const copy = join(mkdtempSync(join(tmpdir(), 'templater-')), 'engine.mjs')
copyFileSync(join(engine, 'rusty_engine.js'), copy)
const { default: init, ParserConfig, Renderer } = await import(pathToFileURL(copy))
await init(readFileSync(join(engine, 'rusty_engine_bg.wasm')))
const renderer = new Renderer(new ParserConfig('<%', '%>', '\0', '*', '-', '_', 'tR'))

const path = 'incidents/2026/INC-20260105-01.md'

const frontmatter = { owner: 'alice', 'a b': 'two words' }

// Afresh for every zone, because Moment remembers.
const require = createRequire(import.meta.url)
function momentIn(zone) {
  process.env.TZ = zone
  const file = join(modules, 'moment')
  delete require.cache[require.resolve(file)]
  return require(file)
}

function templater(moment, instant) {
  const now = () => moment(instant)
  const from = (reference, format) => {
    if (reference === undefined) return now()
    const found = moment(reference, format)
    if (!found.isValid()) throw new Error('Invalid reference date format')
    return found
  }
  const date = {
    now(format = 'YYYY-MM-DD', offset, reference, referenceFormat) {
      const duration = typeof offset === 'number' ? moment.duration(offset, 'days') : moment.duration(offset ?? 0)
      return from(reference, referenceFormat).add(duration).format(format)
    },
    tomorrow: (format = 'YYYY-MM-DD') => now().add(1, 'days').format(format),
    yesterday: (format = 'YYYY-MM-DD') => now().add(-1, 'days').format(format),
    weekday: (format = 'YYYY-MM-DD', day, reference, referenceFormat) =>
      from(reference, referenceFormat).weekday(day).format(format),
  }
  const folder = path.split('/').slice(0, -1)
  const file = {
    title: path.split('/').pop().replace(/\.md$/, ''),
    folder: (whole = false) => (whole ? folder.join('/') : folder.at(-1)),
    path: (relative = false) => (relative ? path : `/home/me/vault/${path}`),
    creation_date: (format = 'YYYY-MM-DD HH:mm') => now().format(format),
    last_modified_date: (format = 'YYYY-MM-DD HH:mm') => now().format(format),
    // Templater's own gives the tag once more, for the editor; outside an editor it leaves nothing.
    cursor: () => '',
  }
  globalThis.moment = (reference, format) => (reference === undefined ? now() : moment(reference, format))
  // Where nobody is asked, a question has its default for an answer.
  const system = { prompt: async (text, preset) => preset }
  return { date, file, frontmatter, system }
}

// Rendered alike by Templater and by us.
const alike = [
  'a<% tp.date.now("YYYY-MM-DD") %>b',
  '<%tp.date.now()%>',
  "<% tp.date.now('HH:mm') %>",
  '<% tp.date.now("YYYY-MM-DD"\n) %>',
  '<% \n tp.date.now() \n %>',
  '`<% tp.date.now() %>` \\<% tp.date.now() %>',
  '```\n<% tp.date.now() %>\n```\n',
  '<% tp.date.now("") %>',
  '<% tp.date.now("dddd Do MMMM YYYY [at] HH:mm:ss.SSS Z") %>',
  '<% tp.date.now("GGGG-[W]WW", 0) %>',
  '<% tp.date.now("[it\\"s] D") %>|<% tp.date.now(\'[it\\\'s] D\') %>',
  '<% tp.date.now("YYYY-MM-DD", -7) %> <% tp.date.now("YYYY-MM-DD", 1) %> <% tp.date.now("YYYY-MM-DD", 400) %>',
  '<% tp.date.now("YYYY-MM-DD", "P-1M") %> <% tp.date.now("YYYY-MM-DD", "-P1M") %> <% tp.date.now("YYYY-MM-DD", "P1Y2M3D") %>',
  '<% tp.date.now("YYYY-MM-DD HH:mm:ss", "PT36H") %> <% tp.date.now("YYYY-MM-DD HH:mm:ss", "P2W1DT-1H30M5S") %>',
  '<% tp.date.now("YYYY-MM-DD", "P1M", "2026-01-31") %> <% tp.date.now("YYYY-MM-DD", "P1M", "2024-01-31") %>',
  '<% tp.date.now("YYYY-MM-DD", "P-13M", "2026-03-29") %> <% tp.date.now("YYYY-MM-DD", "P1Y", "2024-02-29") %>',
  '<% tp.date.now("YYYY-MM-DD", "P11M", "2026-12-31") %> <% tp.date.now("YYYY-MM-DD", "P-12M", "2026-12-31") %>',
  '<% tp.date.now("YYYY-MM-DD", 1, "2026-02-27", "YYYY-MM-DD") %>',
  '<% tp.date.now("YYYY-MM-DD HH:mm Z", 1, "2026-03-28T02:30") %> <% tp.date.now("HH:mm Z", 0, "2026-03-29T02:30") %>',
  '<% tp.date.now("YYYY-MM-DD HH:mm Z", -1, "2026-03-30 02:30:00") %>',
  '<% tp.date.now("YYYY-MM-DD HH:mm Z", "PT1H", "2026-10-25T02:30:00") %>',
  '<% tp.date.now("YYYY-MM-DD HH:mm:ss Z", 0, "2026-06-01T10:00:00Z") %>',
  '<% tp.date.now("YYYY-MM-DD HH:mm", 0, "5.3.2026 7:05", "D.M.YYYY H:mm") %>',
  '<% tp.date.now("YYYY-MM-DD HH:mm:ss", 0, "20260305T070509", "YYYYMMDD[T]HHmmss") %>',
  '<% tp.date.now("YYYY-MM-DD", undefined, "2026-02-27") %>',
  '<% tp.date.now("D.M.YYYY",) %>',
  '<% tp.date.tomorrow() %> <% tp.date.yesterday() %> <% tp.date.tomorrow("dddd") %> <% tp.date.yesterday("dddd") %>',
  '<% tp.date.weekday("YYYY-MM-DD", 0) %> <% tp.date.weekday("YYYY-MM-DD", 6) %> <% tp.date.weekday("ddd D", 7) %>',
  '<% tp.date.weekday("YYYY-MM-DD", -7, "2026-11-23") %> <% tp.date.weekday(undefined, 1, "23.11.2026", "DD.MM.YYYY") %>',
  '<% tp.file.title %>|<%tp.file.title%>|<% tp.file.folder() %>|<% tp.file.folder(true) %>|<% tp.file.folder(false) %>',
  '<% tp.file.path(true) %>|<% tp.file.creation_date() %>|<% tp.file.last_modified_date("D.M.") %>',
  'a<% tp.file.cursor() %>b<% tp.file.cursor(1) %>c',
  'A\n<%- tp.file.title -%>\nB',
  'A\r\n<%- tp.file.title -%>\r\nB',
  'A\r<%- tp.file.title -%>\rB',
  'A\n\n<%- tp.file.title -%>\n\nB',
  'A \n <%- tp.file.title -%> \n B',
  'A\n\n  <%_ tp.file.title _%>  \n\nB',
  'A\u00a0\t<%_ tp.file.title _%>\u2028\u3000B',
  'A\u200b<%_ tp.file.title _%>\u200bB',
  'A\n<%- tp.file.title %>\nB\n<% tp.file.title -%>\nC',
  'A\n<%_ tp.file.title -%>\n\nB\n\n<%- tp.file.title _%>\n\nC',
  '<% tp.file.title -%>\n<%- tp.file.title %>|<% tp.file.title _%>\n\n<% tp.file.title -%>\n\n<%_ tp.file.title %>',
  '<%-tp.file.title-%>|<%_tp.file.title_%>',
  '<%_ tp.file.title _%>',
  'a %> b %>',
  '50 % < 60 %, a <b %',
  '{{title}} {{date:YYYY}}x<% tp.file.title %>',
  '<% "text" %>|<% \'it\\\'s\' %>|<% 1 %>',
  '<% "a" + "b" %>|<%"n"+1%>|<% tp.file.title + " of " + tp.date.now("YYYY") + "!" %>',
  '<% await tp.file.title %>|<% await tp.date.now("D") + "x" %>',
  '<% moment().format("dddd D MMMM YYYY") %>|<% moment().format() %>',
  '<% moment("2026-01-31").format("D.M.") %>|<% moment("5.3.2026", "D.M.YYYY").format("YYYY-MM-DD") %>',
  '<% tp.frontmatter.owner %>|<% tp.frontmatter["a b"] %>|<% tp.frontmatter[\'owner\'] + "!" %>',
  '<% tp.system.prompt("who?", "bob") %>|<% await tp.system.prompt("who?", "bob") + "!" %>',
  'no tag\r\nat all',
  '',
]
// Refused by us, whatever Templater makes of them.
const refused = [
  '<% tp.file.title',
  'a\nb <% tp.date.now(" %>',
  '<% "%>" %>',
  '<% %>',
  '<%* tR += "x" %>',
  '<%* if (true) { -%>\nyes\n<%* } -%>\nC',
  '<%+ tp.file.title %>',
  '<%= tp.file.title %>',
  '<%~ tp.file.title %>',
  '<% tp.file.title() %>',
  '<% tp.date.now %>',
  '<% tp.date.now("YYYY").length %>',
  '<% tp.date.now(`YYYY`) %>',
  '<% tp.date.now("Y" + "Y") %>',
  '<% tp.date.now(YYYY) %>',
  '<% tp.date.now("YYYY" "MM") %>',
  '<% tp.date.now("\\u0041") %>',
  '<% tp.date.now(1) %>',
  '<% tp.date.now("D", 1.5) %>',
  '<% tp.date.now("D", "one week") %>',
  '<% tp.date.now("D", "P1.5D") %>',
  '<% tp.date.now("D", true) %>',
  '<% tp.date.now("D", 0, "yesterday") %>',
  '<% tp.date.now("D", 0, "2026-02-30") %>',
  '<% tp.date.now("D", 0, "5 March", "D MMMM") %>',
  '<% tp.date.now("D", 0, "05 05", "DD DD") %>',
  '<% tp.date.now("D", 0, "12:30", "HH:mm") %>',
  '<% tp.date.now("D", 0, "5.3.26", "D.M.YYYY") %>',
  '<% tp.date.now("D", 0, 20260305) %>',
  '<% tp.date.now("D", 0, "2026-03-05", 1) %>',
  '<% tp.date.now("D", 999999, "9000-01-01") %>',
  '<% tp.date.now("D", "P99999Y") %>',
  '<% tp.date.now("D", 0, "2026-01-01", "YYYY-MM-DD", 5) %>',
  '<% tp.date.weekday("D") %>',
  '<% tp.date.weekday("D", "1") %>',
  '<% tp.file.path() %>',
  '<% tp.file.tags %>',
  '<% tp.file.include("[[a]]") %>',
  '<% tp.frontmatter.title %>',
  '<% tp.system.prompt("name") %>',
  '<% tp.user.script() %>',
  '<% tp.web.daily_quote() %>',
  '<% tp.nope %>',
  '<% moment().add(1, "days").format("D") %>',
  '<% moment().format(1) %>',
  '<% 1 + 1 %>',
  '<% "a" + %>',
  '<% "a" "b" %>',
  '<% "a" - "b" %>',
  '<% await %>',
  '<% tp.frontmatter %>',
  '<% tp.frontmatter["nothing"] %>',
  '<% tp.system.suggester(["a"], ["b"]) %>',
  '<% tp.system.clipboard() %>',
  '<% process.exit() %>',
]

const clocks = [
  ['Europe/Zurich', '2026-01-05T08:07:03.045Z'],
  ['UTC', '2024-02-29T23:59:59.999Z'],
  ['America/New_York', '2026-11-01T05:30:00.000Z'],
]
const answers = []
for (const [zone, instant] of clocks) {
  const tp = templater(momentIn(zone), instant)
  const written = []
  for (const template of alike) written.push(await renderer.render_content(template, tp))
  answers.push({ zone, instant, written })
}
const text = JSON.stringify({ engine: '0.4.0', moment: '2.30.1', path, frontmatter, alike, answers, refused }, null, 1)
writeFileSync(new URL('templater.json', import.meta.url), `${text}\n`)
