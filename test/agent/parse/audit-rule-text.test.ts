// Tests of the one form of audit rules, held against what auditctl printed of loaded ones.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { auditRuleText } from '../../../agent/parse/audit-rule-text.ts'
import { type AuditLine, parseAuditRules, parseLoadedRules } from '../../../agent/parse/audit-rules.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/audit')
const ids = {
  users: new Map([
    ['root', 0],
    ['alice', 1000],
    ['bob', 1001],
  ]),
  groups: new Map([['adm', 4]]),
}
const texts = (lines: readonly AuditLine[]) =>
  lines.flatMap(line => (line.kind === 'rule' ? [auditRuleText(line.rule, ids)] : [])).sort()
const recorded = (name: string) => readFileSync(join(fixtures, name), 'utf8')
const textOf = (line: string) => texts(parseAuditRules(line))[0]

for (const name of ['benchmark', 'swapped']) {
  t.test(`rules of set ${name} are those that the kernel then had`, async t => {
    const ours = texts(parseAuditRules(recorded(`${name}.rules`)))
    const theirs = texts(parseLoadedRules(recorded(`${name}.list`)))
    t.strictSame(ours, theirs)
    t.equal(theirs.length, recorded(`${name}.list`).trim().split('\n').length, 'every line is understood')
  })
}

t.test('rules of the odd set are those of the kernel, but for what only its tables tell', async t => {
  const ours = texts(parseAuditRules(recorded('odd.rules')))
  const theirs = texts(parseLoadedRules(recorded('odd.list')))
  t.strictSame(
    ours.filter(text => !theirs.includes(text)),
    [
      '-a always,exit -F arch=b64 -S 59 -F egid>=5 -F exit!=0 -F gid=4 -F success=0 -F uid!=0 -k num',
      '-a always,exit -F arch=b64 -S socket -F saddr_fam=inet -k sock',
      // taken back by a later line
      '-w /etc/issue -p x',
    ],
  )
  t.strictSame(
    theirs.filter(text => !ours.includes(text)),
    [
      '-a always,exit -F arch=b64 -S execve -F egid>=5 -F exit!=0 -F gid=4 -F success=0 -F uid!=0 -k num',
      '-a always,exit -F arch=b64 -S socket -F saddr_fam=0 -k sock',
    ],
  )
  t.equal(theirs.length, recorded('odd.list').trim().split('\n').length)
})

t.test('values that mean the same are one text', async t => {
  const same = (a: string, b: string) => t.equal(textOf(a), textOf(b), `${a} is ${b}`)
  same('-a always,exit -S open -F auid!=-1', '-a exit,always -S open -F auid!=4294967295')
  same('-a always,exit -S open -F loginuid!=unset', '-a always,exit -S open -F auid!=unset')
  same('-a always,exit -F arch=x86_64 -S open', '-a always,exit -F arch=b64 -S open')
  same('-a always,exit -S open -F exit=-EACCES', '-a always,exit -S open -F exit=-13')
  same('-a always,exit -S open -F a0=0x10', '-a always,exit -S open -F a0=16')
  same('-a always,exit -S open -F uid=alice', '-a always,exit -S open -F uid=1000')
  same('-a always,exit -S open -F filetype=file', '-a always,exit -S open -F filetype=32768')
  same('-a always,exit -S open -C uid!=euid', '-a always,exit -S open -C euid!=uid')
  same('-a always,exclude -F msgtype=CWD', '-a always,exclude -F msgtype=1307')
  t.equal(textOf('-a always,exit -S open -F uid=nobody-knows'), '-a always,exit -S open -F uid=nobody-knows')
})

t.test('values that differ stay apart', async t => {
  t.not(textOf('-w /etc/passwd -p wa'), textOf('-w /etc/passwd -p w'))
  t.not(textOf('-a always,exit -S open -F success=0'), textOf('-a always,exit -S open -F success=1'))
  t.not(textOf('-a never,exit -S open'), textOf('-a always,exit -S open'))
  t.not(textOf('-a always,exit -F arch=b64 -S open'), textOf('-a always,exit -F arch=b32 -S open'))
})
