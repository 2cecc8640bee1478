// Writes moment.json beside this file: what Moment itself makes of many formats at many instants in many zones.
//
//   npm install --no-save moment@2.30.1      (in a folder of your choice)
//   NODE_PATH=that-folder/node_modules node make_moment.mjs

import { createRequire } from 'node:module'
import { writeFileSync } from 'node:fs'

const require = createRequire(import.meta.url)

const tokens = (
  'Y YY YYY YYYY YYYYY YYYYYY YYYYYYY y yo yy yyy yyyy yyyyy N NN NNN NNNN NNNNN NNNNNN Q Qo QQ M Mo MM MMM MMMM MMMMM ' +
  'D Do DD DDD DDDo DDDD DDDDo d do dd ddd dddd ddddd e eo E Eo w wo ww wwo w| W Wo WW WWo gg ggg gggg ggggg G GG GGG ' +
  'GGGG GGGGG g H HH HHH h hh hhh k kk kkk Hmm Hmmss hmm hmmss Hm a A aa m mm mmm s ss sss S SS SSS SSSS SSSSS SSSSSS ' +
  'SSSSSSS SSSSSSSS SSSSSSSSS SSSSSSSSSS X x XX Z ZZ ZZZ z zz zzz LT LTS L LL LLL LLLL LLLLL l ll lll llll lllll lT T B'
).split(' ')
const formats = [
  ...tokens,
  '', ' ', 'YYYY-MM-DD', 'YYYY-MM-DDTHH:mm:ss', 'YYYY-MM-DD HH:mm', 'YYYY-MM-DDTHH:mm:ssZ', 'GGGG-[W]WW', 'gggg-[w]ww',
  'YYYY-[W]WW', 'YYYY/MM-MMMM/YYYY-MM-DD-dddd', 'dddd, MMMM Do YYYY', 'D.M.YYYY', 'HHmm', 'H:mm:ss.SSS', 'h:mm a', 'hA',
  '[today is] dddd', '[LT] LT', '[]', '[', ']', '[[YYYY]]', '[a]b]', '[YYYY', 'YYYY]', '[YYYY] [MM', '[a][b] [c] D',
  '\\Y', '\\YYYY', '\\\\YYYY', '\\[YYYY\\]', '\\LT', 'D\\D', '\\', 'Week wW', 'wWw', 'DDDDD', 'HHh', 'mmM', 'Today', 'of',
  'at', 'Ünï→ D 😀', 'YYYY\nMM', 'a\tA', "D'o'", '[Q]Q-YYYY', 'YYYYMMDD', 'YYYYMMDDHHmmssSSS', 'LTLT', 'LLT', 'lL', 'Lo',
  'Qq', 'dddo', 'MMMo', 'wo Wo', 'e E', 'x X', '{{D}}', '<% D %>', '|w|w', 'W|', '%Y-%m-%d', 'YYYY年M月D日',
]
const instants = [
  ['Europe/Zurich', '2026-01-05T08:07:03.045Z'],
  ['UTC', '2026-11-23T02:01:40.999Z'],
  ['UTC', '2024-12-30T00:00:00.000Z'],
  ['UTC', '2023-01-01T12:00:00.100Z'],
  ['UTC', '2021-01-03T23:59:59.009Z'],
  ['UTC', '2020-12-31T11:59:59.999Z'],
  ['UTC', '2024-02-29T13:30:00.010Z'],
  ['UTC', '1969-12-31T23:59:59.500Z'],
  ['UTC', '2000-02-03T22:22:22.222Z'],
  ['Europe/Zurich', '2026-03-29T00:59:59.000Z'],
  ['Europe/Zurich', '2026-03-29T01:00:00.000Z'],
  ['Europe/Zurich', '2026-10-25T00:30:00.000Z'],
  ['Europe/Zurich', '2026-10-25T01:30:00.000Z'],
  ['America/St_Johns', '2026-06-11T03:04:05.678Z'],
  ['Asia/Kathmandu', '2025-12-27T18:20:00.000Z'],
  ['Pacific/Kiritimati', '2022-12-31T10:00:00.000Z'],
  ['America/Los_Angeles', '2026-08-21T19:13:12.000Z'],
]

// Afresh for every zone: Moment remembers when its eras began, in the zone of the first question.
function momentIn(zone) {
  process.env.TZ = zone
  delete require.cache[require.resolve('moment')]
  return require('moment')
}

const answers = instants.map(([zone, instant]) => {
  const moment = momentIn(zone)
  return { zone, milliseconds: Date.parse(instant), written: formats.map((format) => moment(instant).format(format)) }
})
const lines = answers.map((answer) => JSON.stringify(answer))
const text = `{"moment": "${momentIn('UTC').version}",\n"formats": ${JSON.stringify(formats)},\n"answers": [\n${lines.join(',\n')}\n]}\n`
writeFileSync(new URL('moment.json', import.meta.url), text)
