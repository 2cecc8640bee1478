// Reads and rewrites frontmatter blocks as Obsidian does: the same library, the same version, the same options.
// One JSON string with a block per line comes in, one JSON object per line goes out.
import { createInterface } from 'node:readline'
import YAML from 'yaml'

// JSON has no infinity and would hide the order of keys and the kind of a number.
function tagged(value) {
  if (value === null || value === undefined) return ['null']
  if (Array.isArray(value)) return ['list', value.map(tagged)]
  if (typeof value === 'object') return ['map', Object.entries(value).map(([key, item]) => [key, tagged(item)])]
  return [typeof value, String(value)]
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = {}
  try {
    const value = YAML.parse(JSON.parse(line), { logLevel: 'error' })
    answer.value = tagged(value)
    answer.again = YAML.stringify(value, { lineWidth: 0, nullStr: '' })
  } catch (error) {
    answer.error = error.code ?? error.name
  }
  console.log(JSON.stringify(answer))
}
