// Any rules in the words of iptables-save, for tests that read them in more than one way.
import fc from 'fast-check'

/** As iptables-save writes a word: in quotes when it holds anything but letters, digits, `_` and `-`. */
export const savedWord = (word: string) =>
  /^[\w-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&').replaceAll('\n', ' ')}"`

/** Words that look like others: values that could be taken for options, targets or marks. */
const oddWord = fc.oneof(
  fc.constantFrom('-j', '-g', '!', '-A', '-j DROP', 'a b', '"', '\\', '-m', '--dport 22', 'x'),
  fc.string({ unit: fc.constantFrom(...'ab -!"\\,:'), minLength: 1, maxLength: 6 }).filter(text => text.trim() !== ''),
)

/** One whole match, with its module where it has one. */
export const savedMatch: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['-s 10.0.0.0/8', '! -s 10.0.0.1/32', '-d 192.0.2.1/32', '-i lo', '! -i eth+', '-o veth0', '-p tcp', '! -p udp'],
    ...[
      '-p udp -m udp --dport 53',
      '-p tcp -m tcp --sport 1:1023',
      '-p tcp -m multiport ! --dports 22,80:90',
      '-f',
      '! -f',
    ],
    ...['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', '-m conntrack --ctstate NEW', '-m state ! --state INVALID'],
    ...[
      '-m conntrack --ctstate RELATED,ESTABLISHED',
      '-m addrtype --dst-type LOCAL --limit-iface-in',
      '-m osf --genre Linux',
    ],
    ...[
      '-m physdev --physdev-is-bridged',
      '-m physdev ! --physdev-is-in',
      '-m socket --transparent',
      '-m rpfilter --validmark --invert',
    ],
    ...[
      '-m set --match-set trusted src',
      '-m set ! --match-set banned dst --return-nomatch',
      '-m mark --mark 0x4000/0x4000',
    ],
    ...[
      '-m limit --limit 3/min --limit-burst 10',
      '-m time --timestart 09:00:00 --kerneltz',
      '-m pkttype --pkt-type unicast',
    ],
    ...['-m recent --set --name DEFAULT --mask 255.255.255.255 --rsource', '-m policy --dir in --pol ipsec --strict'],
    ...[
      '-m recent --update --seconds 30 --hitcount 6 --rttl --name DEFAULT --rsource',
      '-m connlimit --connlimit-above 5 --connlimit-saddr',
    ],
    ...[
      '-p icmp -m icmp --icmp-type 8',
      '-m owner --uid-owner 0 --suppl-groups',
      '-m frag --fragfirst',
      '-m rt --rt-0-res',
    ],
  ),
  oddWord.map(text => `-m comment --comment ${savedWord(text)}`),
  oddWord.map(text => `-m string --string ${savedWord(text)} --algo bm`),
  oddWord.map(text => `-m recent --rcheck --name ${savedWord(text)} --rsource`),
)

export interface SavedTarget {
  readonly text: string
  /** what it does to a packet */
  readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'none' | 'jump' | 'goto' | 'opaque'
}

/** A target; `OWN` is a chain of the table, `OTHER` is none. */
export const savedTarget: fc.Arbitrary<SavedTarget> = fc.constantFrom<SavedTarget[]>(
  { text: '-j ACCEPT', kind: 'accept' },
  { text: '-j DROP', kind: 'drop' },
  { text: '-j REJECT --reject-with icmp-port-unreachable', kind: 'reject' },
  { text: '-j RETURN', kind: 'return' },
  { text: '-j LOG --log-prefix "-j DROP "', kind: 'none' },
  { text: '-j NFLOG --nflog-group 1', kind: 'none' },
  { text: '-j MASQUERADE', kind: 'accept' },
  { text: '-j OWN', kind: 'jump' },
  { text: '-g OWN', kind: 'goto' },
  { text: '-j OTHER', kind: 'opaque' },
  { text: '', kind: 'none' },
)
