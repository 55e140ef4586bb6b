// Where secrets stand on a host, in forms that keep each file sound: values, comments, arguments, keys.

/** Makes a secret that stands in this one place. */
type Plant = (place: string) => string
/** New text of a file, from what it held; '' where there was none. */
type Edit = (text: string) => string

/** Edits by path; `/proc/PID/…` means that file of every process. */
export function soundPlants(plant: Plant): Readonly<Record<string, Edit>> {
  return {
    ...accountPlants(plant),
    ...kubernetesPlants(plant),
    ...runtimePlants(plant),
    ...servicePlants(plant),
    ...kernelPlants(plant),
    ...processPlants(plant),
  }
}

const append =
  (line: string): Edit =>
  text =>
    `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`
const whole = (content: string): Edit => append(content)
/** Field number `index` of each line of a table whose fields stand between colons. */
const field =
  (index: number, change: (value: string, row: number) => string): Edit =>
  text =>
    text
      .split('\n')
      .map((line, row) => {
        const fields = line.split(':')
        if (fields.length <= index) return line
        return fields.map((value, at) => (at === index ? change(value, row) : value)).join(':')
      })
      .join('\n')
const json =
  (more: (plain: Record<string, unknown>) => Record<string, unknown>): Edit =>
  text =>
    JSON.stringify({ ...more(JSON.parse(text || '{}')) }, null, 2)

function accountPlants(plant: Plant): Readonly<Record<string, Edit>> {
  const key = (place: string) => Buffer.from(plant(`${place} key body`)).toString('base64')
  const authorizedKeys = (place: string) =>
    append(
      [
        `command="/bin/backup ${plant(`${place} command`)}",environment="TOKEN=${plant(`${place} environment`)}" ` +
          `ssh-ed25519 ${key(place)} ${plant(`${place} comment`)}`,
        `ssh-rsa ${plant(`${place} plain key body`)} ops@example`,
        `# ${plant(`${place} commented line`)}`,
        `what-${plant(`${place} unknown type`)}`,
      ].join('\n'),
    )
  return {
    '/etc/passwd': text =>
      append(`locked:${plant('passwd password field')}:1900:1900:${plant('passwd gecos')}:/home/locked:/bin/sh`)(
        field(4, gecos => `${gecos},${plant('passwd gecos of others')}`)(text),
      ),
    '/etc/shadow': text =>
      append(`locked:!$q$${plant('locked shadow hash')}:20000:0:99999:7:::`)(
        field(1, (hash, row) => {
          if (hash.startsWith('$')) return `${hash}${plant('shadow hash')}`
          return row === 1 ? `$9x$${plant('shadow hash of no known method')}` : hash
        })(text),
      ),
    '/etc/gshadow': field(1, () => plant('gshadow password')),
    '/etc/group': field(1, () => plant('group password')),
    '/etc/shadow-': append(`backup:$y$${plant('shadow backup')}:20000:0:99999:7:::`),
    '/etc/security/opasswd': append(`alice:1000:1:$y$${plant('old password')}`),
    '/etc/login.defs': append(`# ${plant('login.defs comment')}\nCANARY_KEY ${plant('login.defs unknown key')}`),
    '/root/.ssh/authorized_keys': authorizedKeys('authorized_keys of root'),
    '/home/alice/.ssh/authorized_keys': authorizedKeys('authorized_keys of alice'),
    '/etc/sudoers.d/canary': whole(
      [
        `# ${plant('sudoers comment')}`,
        `Defaults badpass_message="${plant('sudoers message')}", passprompt="${plant('sudoers prompt')}"`,
        `Defaults env_keep += "${plant('sudoers env_keep').replace(/[^A-Za-z0-9]/g, 'x')}"`,
        `alice ALL=(root) /usr/bin/curl -u admin\\:${plant('sudoers argument')} https\\://backup.example/`,
        `bob ALL=(root) sha256:${plant('sudoers digest')} /usr/bin/rsync ""`,
      ].join('\n'),
    ),
    '/etc/pam.d/common-auth': append(
      `auth optional pam_ldap.so bindpw=${plant('PAM argument')}\n# ${plant('PAM comment')}`,
    ),
    '/etc/pam.d/common-password': append(`password optional pam_mysql.so passwd=${plant('PAM password argument')}`),
    '/etc/security/pwquality.conf': append(`# ${plant('pwquality comment')}`),
    '/etc/ssh/sshd_config.d/90-canary.conf': whole(
      [
        `# ${plant('sshd_config comment')}`,
        'Banner /etc/issue.net',
        `SetEnv TOKEN=${plant('sshd SetEnv')}`,
        'Match User alice',
        `  ForceCommand /bin/backup --token ${plant('sshd ForceCommand')}`,
      ].join('\n'),
    ),
    '/etc/issue.net': append(plant('banner text')),
    '/etc/issue': append(plant('issue text')),
    '/etc/motd': append(plant('motd text')),
    '/etc/crontab': append(`5 4 * * * root curl -u x:${plant('crontab command')} https://a.example`),
    '/etc/cron.d/canary': whole(`TOKEN=${plant('cron variable')}\n5 4 * * * root /bin/x ${plant('cron argument')}`),
  }
}

function kubernetesPlants(plant: Plant): Readonly<Record<string, Edit>> {
  const base64 = (place: string) => Buffer.from(plant(place)).toString('base64')
  const kubeconfig = (place: string) =>
    whole(`apiVersion: v1
kind: Config
current-context: default
clusters: [{name: default, cluster: {server: 'https://10.0.0.1:6443', certificate-authority-data: ${base64(`${place} authority`)}}}]
contexts: [{name: default, context: {cluster: default, user: default}}]
users:
- name: default
  user:
    token: ${plant(`${place} token`)}
    username: admin
    password: '${plant(`${place} password`)}'
    client-key-data: ${base64(`${place} client key`)}
    client-certificate-data: ${base64(`${place} client certificate`)}
    exec: {command: aws, args: ['--secret', '${plant(`${place} exec argument`)}'], env: [{name: KEY, value: '${plant(`${place} exec variable`)}'}]}`)
  const staticPod = (name: string, args: readonly string[]) =>
    whole(`apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: kube-system, annotations: {note: '${plant(`${name} annotation`)}'}}
# ${plant(`${name} comment`)}
spec:
  hostNetwork: true
  containers:
  - name: ${name}
    image: registry.k8s.io/${name}:v1.36.2
    command: [${[name, ...args, `--unheard-of=${plant(`${name} argument`)}`].map(arg => `'${arg}'`).join(', ')}]
    env: [{name: PASSWORD, value: '${plant(`${name} environment`)}'}]
    livenessProbe: {httpGet: {path: /livez, port: 6443, httpHeaders: [{name: Authorization, value: 'Bearer ${plant(`${name} probe header`)}'}]}}
    lifecycle: {postStart: {exec: {command: [sh, -c, 'echo ${plant(`${name} hook`)}']}}}`)
  const pki = '/etc/kubernetes/pki'
  const pem = (place: string) => whole(`-----BEGIN PRIVATE KEY-----\n${base64(place)}\n-----END PRIVATE KEY-----`)
  return {
    '/etc/kubernetes/kubelet.conf': kubeconfig('kubelet.conf'),
    '/etc/kubernetes/bootstrap-kubelet.conf': kubeconfig('bootstrap-kubelet.conf'),
    '/etc/kubernetes/admin.conf': kubeconfig('admin.conf'),
    '/etc/kubernetes/scheduler.conf': kubeconfig('scheduler.conf'),
    '/etc/kubernetes/controller-manager.conf': kubeconfig('controller-manager.conf'),
    '/root/.kube/config': kubeconfig('kubeconfig of root'),
    '/var/lib/kubelet/config.yaml': append(
      [
        `# ${plant('kubelet config comment')}`,
        `unheardOf: ${plant('kubelet unknown field')}`,
        `staticPodURLHeader: {Authorization: ['Bearer ${plant('kubelet static pod header')}']}`,
        `logging: {format: text, unheardOf: ${plant('kubelet nested unknown field')}}`,
      ].join('\n'),
    ),
    '/var/lib/kubelet/kubeadm-flags.env': text =>
      append(`TOKEN=${plant('kubeadm-flags variable')}`)(
        text.replace(/"$/m, ` --unheard-of=${plant('kubeadm flag')}"`),
      ),
    '/etc/default/kubelet': () =>
      `KUBELET_EXTRA_ARGS="--unheard-of ${plant('kubelet extra argument')}"\nTOKEN=${plant('kubelet default variable')}\n`,
    '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': append(
      `Environment="TOKEN=${plant('kubelet unit variable')}"`,
    ),
    '/etc/kubernetes/manifests/kube-apiserver.yaml': staticPod('kube-apiserver', [
      '--audit-policy-file=/etc/kubernetes/audit-policy.yaml',
      '--encryption-provider-config=/etc/kubernetes/encryption.yaml',
      '--admission-control-config-file=/etc/kubernetes/admission.yaml',
      '--authorization-config=/etc/kubernetes/authorization.yaml',
      '--authentication-config=/etc/kubernetes/authentication.yaml',
      '--token-auth-file=/etc/kubernetes/tokens.csv',
      `--oidc-client-id=${plant('kube-apiserver oidc client')}`,
      `--etcd-prefix=${plant('kube-apiserver etcd prefix')}`,
    ]),
    '/etc/kubernetes/manifests/etcd.yaml': staticPod('etcd', [
      '--data-dir=/var/lib/etcd',
      `--initial-cluster-token=${plant('etcd cluster token')}`,
    ]),
    '/etc/kubernetes/manifests/kube-controller-manager.yaml': staticPod('kube-controller-manager', []),
    '/etc/kubernetes/manifests/kube-scheduler.yaml': staticPod('kube-scheduler', []),
    '/etc/kubernetes/tokens.csv': whole(`${plant('token file')},alice,1000,"system:masters"`),
    '/etc/kubernetes/encryption.yaml': whole(`apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
# ${plant('encryption comment')}
resources:
- resources: [secrets]
  providers:
  - aescbc: {keys: [{name: key1, secret: ${base64('encryption key')}}, {name: key2, secret: ${plant('plain encryption key')}}]}
  - secretbox: {keys: [{name: key1, secret: ${base64('secretbox key')}}]}
  - kms: {apiVersion: v2, name: vault, endpoint: 'unix:///run/kms.sock?token=${plant('kms endpoint')}'}
  - identity: {}`),
    '/etc/kubernetes/audit-policy.yaml': whole(`apiVersion: audit.k8s.io/v1
kind: Policy
# ${plant('audit policy comment')}
metadata: {annotations: {note: '${plant('audit policy annotation')}'}}
omitStages: [RequestReceived]
rules: [{level: Metadata}]`),
    '/etc/kubernetes/admission.yaml': whole(`apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins: [{name: ImagePolicyWebhook, configuration: {imagePolicy: {kubeConfigFile: /x, note: '${plant('admission configuration')}'}}}]`),
    '/etc/kubernetes/authorization.yaml': whole(`apiVersion: apiserver.config.k8s.io/v1
kind: AuthorizationConfiguration
# ${plant('authorization comment')}
authorizers: [{type: Node, name: node}, {type: RBAC, name: rbac}]`),
    '/etc/kubernetes/authentication.yaml': whole(`apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt: [{issuer: {url: 'https://issuer.example', audiences: [api], certificateAuthority: '${plant('authentication authority')}'}}]`),
    [`${pki}/ca.key`]: pem('CA key'),
    [`${pki}/sa.key`]: pem('service account key'),
    [`${pki}/apiserver.key`]: pem('API server key'),
    '/var/lib/kubelet/pki/kubelet.key': pem('kubelet key'),
    '/etc/cni/net.d/10-canary.conflist': whole(
      JSON.stringify({
        cniVersion: '1.0.0',
        name: 'x',
        plugins: [{ type: 'x', password: plant('CNI configuration') }],
      }),
    ),
    '/etc/rancher/k3s/config.yaml': whole(
      `token: ${plant('k3s token')}\nagent-token: ${plant('k3s agent token')}\nkubelet-arg: ['unheard-of=${plant('k3s kubelet argument')}']`,
    ),
    '/var/lib/kubelet/seccomp/canary.json': whole(
      JSON.stringify({
        comment: plant('seccomp comment'),
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW', comment: plant('seccomp rule comment') }],
      }),
    ),
  }
}

function runtimePlants(plant: Plant): Readonly<Record<string, Edit>> {
  const auths = (place: string) => ({
    'registry.example': {
      auth: Buffer.from(`ci:${plant(`${place} auth`)}`).toString('base64'),
      password: plant(place),
    },
  })
  return {
    '/etc/docker/daemon.json': json(plain => ({
      ...plain,
      env: [`TOKEN=${plant('daemon.json env')}`],
      proxies: { 'http-proxy': `http://user:${plant('daemon.json proxy')}@proxy.example:3128` },
      'log-opts': { 'splunk-token': plant('daemon.json log option'), 'max-size': '10m' },
      'exec-opts': [`native.note=${plant('daemon.json exec option')}`],
      labels: [`note=${plant('daemon.json label')}`],
      auths: auths('daemon.json'),
      unheardOf: plant('daemon.json unknown key'),
    })),
    '/root/.docker/config.json': json(plain => ({ ...plain, auths: auths('docker config.json of root') })),
    '/home/alice/.docker/config.json': json(plain => ({ ...plain, auths: auths('docker config.json of alice') })),
    '/etc/default/docker': append(`DOCKER_OPTS="--label=${plant('docker defaults')}"`),
    '/etc/containerd/config.toml': append(`
# ${plant('containerd comment')}
[plugins."io.containerd.grpc.v1.cri".registry.configs."registry.example".auth]
  username = "ci"
  password = "${plant('containerd registry password')}"
  identitytoken = "${plant('containerd registry token')}"`),
    '/etc/crio/crio.conf': whole(`# ${plant('crio comment')}
[crio.runtime]
default_env = ["TOKEN=${plant('crio environment')}"]
[crio.image]
unheard_of = "${plant('crio unknown key')}"`),
  }
}

function servicePlants(plant: Plant): Readonly<Record<string, Edit>> {
  return {
    '/etc/systemd/system/testhost-web.service': text =>
      text
        .replace('[Service]', `[Service]\nEnvironment=TOKEN=${plant('unit variable')}`)
        .replace(/^ExecStart=.*$/m, line => `${line} --password ${plant('unit argument')}`),
    '/etc/systemd/system/docker.service.d/override.conf': append(
      `Environment=HTTPS_PROXY=http://u:${plant('drop-in variable')}@proxy.example:3128\n# ${plant('drop-in comment')}`,
    ),
    '/etc/systemd/system/canary.service': whole(
      `[Service]\nExecStart=/bin/sh -c "curl -H ${plant('argument of a unit of its own')}"\n[Install]\nWantedBy=multi-user.target`,
    ),
    '/etc/ufw/ufw.conf': append(`# ${plant('ufw.conf comment')}`),
    '/etc/default/ufw': append(`# ${plant('ufw defaults comment')}`),
    '/etc/audit/auditd.conf': append(`# ${plant('auditd.conf comment')}`),
    '/etc/audit/rules.d/identity.rules': append(`# ${plant('audit rule comment')}`),
    '/etc/rsyslog.conf': append(`# ${plant('rsyslog comment')}`),
    '/etc/systemd/journald.conf': append(`# ${plant('journald comment')}`),
    '/etc/falco/falco.yaml': whole(
      `rules_files: [/etc/falco/falco_rules.yaml]\n# ${plant('falco comment')}\nhttp_output: {enabled: true, url: 'https://u:${plant('falco output')}@hooks.example/x'}`,
    ),
    '/etc/fail2ban/jail.local': whole(
      `[DEFAULT]\n# ${plant('fail2ban comment')}\nsender = ${plant('fail2ban sender')}`,
    ),
    '/etc/chrony/chrony.conf': whole(`# ${plant('chrony comment')}\nserver 192.0.2.1 iburst`),
    '/etc/chrony/chrony.keys': whole(`1 SHA256 HEX:${plant('chrony key')}`),
    '/etc/apt/sources.list': append(`deb https://user:${plant('apt source')}@apt.example/ stable main`),
    '/etc/apt/auth.conf': whole(`machine apt.example login u password ${plant('apt password')}`),
    '/etc/fstab': append(
      `//nas.example/share /mnt cifs username=u,password=${plant('fstab password')} 0 0\n# ${plant('fstab comment')}`,
    ),
    '/var/lib/dpkg/status': text =>
      text.replace(/^Description: .*$/m, line => `${line} ${plant('package description')}`),
    '/etc/hosts.allow': append(`# ${plant('hosts.allow comment')}`),
    '/boot/grub/grub.cfg': whole(
      `password_pbkdf2 root grub.pbkdf2.sha512.${plant('grub hash')}\n# ${plant('grub comment')}`,
    ),
    '/etc/selinux/config': append(`# ${plant('selinux comment')}`),
  }
}

function kernelPlants(plant: Plant): Readonly<Record<string, Edit>> {
  return {
    '/etc/modprobe.d/canary.conf': whole(
      [
        `# ${plant('modprobe comment')}`,
        `options wifi0 password=${plant('module option')}`,
        `install usbx /bin/sh -c "echo ${plant('install command')}"`,
        `remove usbx /bin/echo ${plant('remove command')}`,
      ].join('\n'),
    ),
    '/etc/modules-load.d/canary.conf': whole(`# ${plant('modules-load comment')}`),
    '/proc/cmdline': text =>
      `${text.trimEnd()} unheard_of=${plant('boot parameter')} rd.luks.key=${plant('boot key')} x.note="${plant('quoted boot parameter')}"\n`,
    '/etc/apparmor.d/testhost-web': text => `# ${plant('AppArmor comment')}\n${text}`,
    '/etc/sysctl.d/98-canary.conf': whole(
      `# ${plant('sysctl comment')}\nunheard.of.key = ${plant('sysctl unknown key')}\nkernel.unheard_of=${plant('sysctl unknown kernel key')}`,
    ),
    '/etc/os-release': append(`# ${plant('os-release comment')}\nCANARY_TOKEN=${plant('os-release unknown key')}`),
  }
}

function processPlants(plant: Plant): Readonly<Record<string, Edit>> {
  return {
    '/proc/PID/cmdline': text =>
      text === ''
        ? text
        : `${text.replace(/\0$/, '')}\0--password=${plant('process argument')}\0-p\0${plant('process word')}\0`,
    '/proc/PID/environ': () => `HOME=/\0TOKEN=${plant('process variable')}\0DB_URL=x://u:${plant('process url')}@h\0`,
  }
}
