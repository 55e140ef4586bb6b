// The documentation as a site: every link and anchor leads somewhere, every page is reached from docs/index.md.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...markdownBelow('docs')]
const texts = new Map(pages.map(page => [page, readFileSync(join(root, page), 'utf8')]))

interface Link {
  readonly to: string
  readonly anchor: string
}

function markdownBelow(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join(directory, name))
}

/** Links to files of the repository, with code left out: there brackets are something else. */
function linksOf(page: string): readonly Link[] {
  const text = (texts.get(page) ?? '').replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\]\((?<target>[^)\s]+)\)/g)]
    .map(match => match.groups?.['target'] ?? '')
    .filter(target => !/^[a-z]+:/.test(target))
    .map(target => {
      const [path = '', anchor = ''] = target.split('#')
      return { to: path === '' ? page : normalize(join(dirname(page), path)), anchor }
    })
}

/** As renderers make them of headings. */
const anchorsOf = (page: string): readonly string[] =>
  [
    ...(texts.get(page) ?? '')
      .replace(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#+ (?<title>.*)$|<a (?:id|name)="(?<id>[^"]+)"/gm),
  ].map(
    ({ groups }) =>
      groups?.['id'] ??
      (groups?.['title'] ?? '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
  )

t.test('no link is dead', async t => {
  let links = 0
  const dead: string[] = []
  for (const page of pages) {
    for (const { to, anchor } of linksOf(page)) {
      links += 1
      if (!existsSync(join(root, to))) dead.push(`${page}: ${to}`)
      else if (anchor !== '' && texts.has(to) && !anchorsOf(to).includes(anchor)) dead.push(`${page}: ${to}#${anchor}`)
    }
  }
  t.same(dead, [])
  t.ok(links > 500, `${links} links`)
})

t.test('every page is reached from docs/index.md', async t => {
  const reached = new Set<string>()
  const visit = (page: string) => {
    if (reached.has(page) || !texts.has(page)) return
    reached.add(page)
    for (const { to } of linksOf(page))
      visit(statSync(join(root, to), { throwIfNoEntry: false })?.isDirectory() ? join(to, 'README.md') : to)
  }
  visit('docs/index.md')
  t.same(
    pages.filter(page => !reached.has(page)),
    [],
  )
})

t.test('pages are named as people look for them: one title each, at the top', async t => {
  for (const page of pages) {
    const titles = (texts.get(page) ?? '').replace(/^```[\s\S]*?^```/gm, '').match(/^# .*$/gm) ?? []
    t.equal(titles.length, 1, page)
    t.match(texts.get(page), /^(?:<!--[\s\S]*?-->\s*)?# /, page)
  }
})
