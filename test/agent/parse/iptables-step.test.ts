// Tests of rules of iptables-save as tests of one packet.
import fc from 'fast-check'
import t from 'tap'
import { readIptablesStep } from '../../../agent/parse/iptables-step.ts'

const read = (text: string) => readIptablesStep(text, name => name === 'ONE')

t.test('tests and targets of usual rules are read', async t => {
  t.strictSame(read('-s 10.0.0.0/8 -p tcp -m tcp --dport 22 -m comment --comment "a -j DROP" -j ACCEPT'), {
    matches: [
      { kind: 'source', of: ['10.0.0.0/8'], negated: false },
      { kind: 'protocol', of: ['tcp'], negated: false },
      { kind: 'port', of: [[22, 22]], negated: false },
    ],
    verdict: { kind: 'accept' },
  })
  t.strictSame(read('-p udp -m multiport ! --dports 53,100:200 -g ONE'), {
    matches: [
      { kind: 'protocol', of: ['udp'], negated: false },
      {
        kind: 'port',
        of: [
          [53, 53],
          [100, 200],
        ],
        negated: true,
      },
    ],
    verdict: { kind: 'goto', chain: 'ONE' },
  })
  const syn = '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP'
  t.strictSame(read(syn).matches[1], { kind: 'state', holds: true })
  t.strictSame(read('-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT').matches, [{ kind: 'state', holds: false }])
  t.strictSame(
    read('-m recent --update --seconds 30 --hitcount 6 --name DEFAULT --mask 255.255.255.255 --rsource').matches,
    [{ kind: 'rate', over: true }],
  )
  t.strictSame(read('-j MARK --set-xmark 0x4000/0x4000').verdict, { kind: 'mark', value: 0x4000, mask: 0x4000 })
})

t.test('translations say where they lead', async t => {
  const translate = (to: string) => read(`-p tcp -j DNAT --to-destination ${to}`).verdict
  t.strictSame(translate('172.17.0.2:80'), { kind: 'translate', address: '172.17.0.2', port: 80 })
  t.strictSame(translate('[fd00::2]:80'), { kind: 'translate', address: 'fd00::2', port: 80 })
  t.strictSame(translate('10.0.0.1-10.0.0.9'), { kind: 'translate', address: undefined, port: 0 })
  t.strictSame(read('-p tcp -j REDIRECT --to-ports 8080').verdict, { kind: 'translate', address: '', port: 8080 })
})

t.test('what is not read says so', async t => {
  for (const text of [
    '-m string --string x -j DROP',
    '-m owner --uid-owner 0 -j DROP',
    '-m connmark --mark 0x1 -j DROP',
  ]) {
    t.ok(
      read(text).matches.some(({ kind }) => kind === 'unread'),
      text,
    )
  }
  t.strictSame(read('-j TPROXY --on-port 1').verdict, { kind: 'opaque' })
})

t.test('any line has an answer', async () => {
  fc.assert(fc.property(fc.string(), text => typeof read(text).verdict.kind === 'string'))
})
