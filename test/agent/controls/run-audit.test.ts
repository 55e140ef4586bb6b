// Holds the evaluation of audits over a host to what a shell with the real programs prints.
import { execFileSync } from 'node:child_process'
import t from 'tap'
import { readAuditProcesses } from '../../../agent/controls/processes.ts'
import { runAudit } from '../../../agent/controls/run-audit.ts'
import { readAccountNames } from '../../../agent/files/account-names.ts'
import type { Host } from '../../../agent/host/host.ts'
import { hostFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'

async function audit(host: Host, script: string) {
  const accounts = async () => {
    const names = await readAccountNames(host)
    if ('state' in names) throw new Error(names.detail)
    return names
  }
  return await runAudit(script, { host, processes: () => readAuditProcesses(host), accounts })
}

const little = {
  files: {
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\netcd:x:7:7::/:/bin/sh\n',
    '/etc/group': 'root:x:0:\netcd:x:7:\n',
    '/k/a.crt': 'one\n',
    '/k/b.key': 'two\n',
    '/k/sub/c.key': 'three\n',
    '/k/link': { symlink: 'a.crt' },
    '/k/.hidden': '',
    '/c.yaml': 'readOnlyPort: 0\nx: 1\n',
    ...littleProc(
      { pid: 1, parentPid: 0, executable: '/sbin/init' },
      {
        pid: 20,
        executable: '/usr/bin/kubelet',
        args: ['--config=/c.yaml', '--x'],
        files: { environ: 'A=1\0KUBE=on\0' },
      },
      { pid: 21, executable: '/usr/bin/kube-controller-manager', args: ['--port=0'], uid: 7 },
    ),
  },
  modes: { '/k/b.key': { mode: 0o600, uid: 7, gid: 7 }, '/k/a.crt': { mode: 0o4644, uid: 99 } },
}

t.test('usual audits print what they would print', async t => {
  const host = await hostFrom(t, little)
  const rows: readonly (readonly [string, string, number?])[] = [
    ['', ''],
    ['cat /c.yaml', 'readOnlyPort: 0\nx: 1\n'],
    ['/bin/cat /missing', '', 1],
    ['stat -c %a /k/a.crt', '4644\n'],
    ["/bin/sh -c 'stat -c permissions=%a /k/b.key' ", 'permissions=600\n'],
    ['stat -c "%U:%G %u %n" /k/b.key', 'etcd:etcd 7 /k/b.key\n'],
    ['stat -c %U:%G /k/a.crt', 'UNKNOWN:root\n'],
    ['stat -c %F /k/link; stat -L -c %F /k/link', 'symbolic link\nregular file\n'],
    ["/bin/sh -c 'if test -e /no; then stat -c %a /no; fi'", ''],
    ['if [ -d /k ]; then echo yes; else echo no; fi', 'yes\n'],
    ['test -f /k && echo file || echo none', 'none\n'],
    ['ls /k', 'a.crt\nb.key\nlink\nsub\n'],
    ['ls /k/*.key', '/k/b.key\n'],
    ["find /k -name '*.key' | xargs stat -c permissions=%a", 'permissions=600\npermissions=644\n'],
    ['find /k -maxdepth 1 -type f ! -name "*.key"', '/k/.hidden\n/k/a.crt\n'],
    ["find /k/ -name '*.crt' -exec stat -c '%n %a' {} \\;", '/k/a.crt 4644\n'],
    ['find /k -type f -name c.key | xargs -I{} cat {}', 'three\n'],
    ['find /no -name x | xargs --no-run-if-empty stat -c %a', ''],
    ['ps -ef | grep kubelet | grep -v grep', 'root     20 1 - - - - /usr/bin/kubelet --config=/c.yaml --x\n'],
    ["ps -ef | grep 'kube[l]et' | awk '{print $2, $8}'", '20 /usr/bin/kubelet\n'],
    ['ps -C kubelet -o pid=', '20\n'],
    ['ps -C kube-controller-manager -o user,cmd --no-headers', 'etcd /usr/bin/kube-controller-manager --port=0\n'],
    ['/bin/ps -fC nothing', 'UID          PID    PPID  C STIME TTY          TIME CMD\n', 1],
    ['ps -ef | grep nothing', '', 1],
    [`cat "/proc/$(/bin/ps -C kubelet -o pid= | tr -d ' ')/environ" | tr '\\0' '\\n'`, 'A=1\nKUBE=on\n'],
    ['F=$(ps -ef | grep kubelet | sed "s/.*--config=//" | awk \'{print $1}\'); cat $F | grep -o "Port.*"', 'Port: 0\n'],
    ['cat /no 2>/dev/null; echo $(cat /c.yaml | wc -l)', '2\n'],
    ['for f in /k/*.crt /k/*.key; do stat -c %n $f; done', '/k/a.crt\n/k/b.key\n'],
    ['cat < /c.yaml | tail -1', 'x: 1\n'],
    ['! grep -q zzz /c.yaml', ''],
    [['echo $', '{NOWHERE:-/k}; A=; echo $', '{A:-b} "$', '{A:-}"'].join(''), '/k\nb \n'],
    ['f() {\n  cat /c.yaml | tail -1\n}\nf; B=$(f); echo $B', 'x: 1\nx: 1\n'],
    ['f() { echo out; }; B=$(f() { echo in; }; f); echo $B; f', 'in\nout\n'],
    ["/bin/sh -c 'find /k -name '*.key' | xargs stat -c permissions=%a'", 'permissions=600\npermissions=644\n'],
    ['dirname /k/a.crt; basename /k/a.crt; readlink /k/link; readlink -f /k/link', '/k\na.crt\na.crt\n/k/a.crt\n'],
  ]
  for (const [script, stdout, exitCode = 0] of rows) {
    t.match(await audit(host, script), { state: 'done', stdout, exitCode }, script)
  }
})

t.test('complaints are kept apart from what is printed, unless both go one way', async t => {
  const host = await hostFrom(t, little)
  const missing = 'cat: /no: No such file or directory'
  t.match(await audit(host, 'cat /no | grep x'), { stdout: '', text: `${missing}\n`, exitCode: 1, complaint: missing })
  t.match(await audit(host, 'cat /no 2>&1 | grep -c such'), { stdout: '1\n', text: '1\n', exitCode: 0 })
})

t.test('what cannot be known is never guessed', async t => {
  const host = await hostFrom(t, little)
  const rows = [
    ...[
      'kubectl get pods',
      'jq . /c.yaml',
      'journalctl -u kubelet',
      'systemctl status kubelet',
      'rm /c.yaml',
      'eval x',
    ],
    ...['grep -P x /c.yaml', 'stat -f /k', 'ls -l /k', 'cat $UNSET', 'cat relative', 'ps -o tty= -e', 'ps', 'sh /x.sh'],
    ...[
      'awk \'{print $1; system("x")}\' /c.yaml',
      "sed 's/\\(a\\|b\\)/\\1/' /c.yaml",
      "sed 's/a/\\1/' /c.yaml",
      'f() { echo; }; f x',
      'A=$(f() { echo in; }; f); f',
      'f() { echo in; } | cat; f',
      'ls re*',
      'sed -i s/a/b/ /c.yaml',
      'find /k -delete',
    ],
    ...['echo a\\\\nb', 'sort -n /c.yaml', 'find /k -perm -2', 'constructor', '__proto__ x', '/opt/x/cat /c.yaml'],
  ]
  for (const script of rows) {
    t.match(await audit(host, script), { state: 'unanswered', reason: /^unsupported audit: ./ }, script)
  }
  const offline = await hostFrom(t, { ...little, live: false })
  t.match(await audit(offline, 'ps -ef | grep x'), { state: 'unanswered', reason: /does not run/ })
  const fifo = await hostFrom(t, { files: { ...little.files, '/pipe': { fifo: true } } })
  t.match(await audit(fifo, 'cat /pipe'), { state: 'unanswered', reason: /\/pipe could not be read/ })
})

t.test('an audit that goes on and on ends', async t => {
  const host = await hostFrom(t, little)
  const many = Array.from({ length: 60 }, (_, index) => index).join(' ')
  const script = `for a in ${many}; do for b in ${many}; do for c in ${many}; do echo $a$b$c; done; done; done`
  t.match(await audit(host, script), { state: 'unanswered', reason: /goes on and on/ })
})

t.test('programs on text answer as those of this machine do', async t => {
  const input = 'b: 2\na: 1\n\na: 1\nB=3 x\n--flag=v,w z\n'
  const host = await hostFrom(t, { files: { '/t': input } })
  const scripts = [
    ...[
      'grep a',
      'grep -v a',
      'grep -i b',
      'grep -c a',
      'grep -E "^(a|b):"',
      'grep -F .',
      'grep -o "[0-9]"',
      'grep -x "a: 1"',
    ],
    ...[
      'grep "b\\|x"',
      'grep -e "-f"',
      'grep -m 1 a',
      "awk '{print $1}'",
      "awk -F: '{print $2}'",
      "awk -F '[:=]' '{print $1}'",
    ],
    ...[
      "awk '/a/ {print $2, $1}'",
      "awk 'NR==2'",
      "awk '{print $NF}'",
      "awk -F '--flag=' '{print $2}'",
      'awk \'{print $1":"$2}\'',
    ],
    ...[
      "sed 's/a/X/'",
      "sed 's/[0-9]/<&>/g'",
      "sed '/a/d'",
      "sed -n '/a/p'",
      "sed '2d'",
      "sed -E 's/(a|b)+/-/'",
      "sed 's|: |=|'",
      "sed 's%.*flag[= ]\\([^ ]*\\).*%\\1%'",
      "sed 's/\\(.\\): \\(.\\)/\\2=\\1;/'",
      "sed -E 's/([a-z]*)([:=])/\\2\\1&/g'",
      "sed 's/^/k=/'",
      "sed 's/x*$/;/'",
      'grep -A1 b',
      'grep -B 1 B',
      'grep -C1 "^$"',
      'grep -A 0 a',
      'grep -A1 -v a',
    ],
    ...[
      'cut -d: -f1',
      'cut -d " " -f2-',
      'cut -c1-3',
      'tr a-z A-Z',
      'tr -d ": "',
      'tr -s "\\n"',
      'tr "[:lower:]" "[:upper:]"',
    ],
    ...[
      'head -1',
      'head -n 2',
      'tail -1',
      'tail -n 2',
      'uniq',
      'wc -l',
      'xargs echo',
      'xargs -n 2 echo',
      'xargs -I{} echo "<{}>"',
    ],
    ...['grep zzz', 'sort', 'sort -u', 'sort -r'],
  ]
  for (const script of scripts) {
    const ours = await audit(host, `cat /t | ${script}`)
    let [stdout, exitCode] = ['', 0]
    try {
      stdout = execFileSync('/bin/sh', ['-c', script], {
        input,
        encoding: 'utf8',
        env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      })
    } catch (error) {
      exitCode = (error as { readonly status: number }).status
    }
    t.match(ours, { state: 'done', stdout, exitCode }, script)
  }
})
