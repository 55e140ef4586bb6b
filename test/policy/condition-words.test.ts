import t from 'tap'
import { catalog } from '../../policy/catalog.generated.ts'
import { createCelEnvironment } from '../../policy/cel-environment.ts'
import { compileCatalog } from '../../policy/compile.ts'
import { unmetCondition } from '../../policy/condition-words.ts'
import { facets } from '../../proto/facets.generated.ts'

const environment = createCelEnvironment(facets).withParameters({ ports: [1], wanted: true })
const unmet = (source: string) => unmetCondition(environment.compile(source, 'bool').ast)

const cases: readonly (readonly [string, string])[] = [
  ['kubelet.kubelets.size() > 0', 'kubelet.kubelets is empty'],
  ['kubelet.kubelets.size() == 0', 'kubelet.kubelets is not empty'],
  ['kubelet.kubelets.size() > 1', 'kubelet.kubelets.size() is not over 1'],
  [
    'containerRuntime.docker.size() + containerRuntime.crio.size() > 0',
    'containerRuntime.docker is empty and containerRuntime.crio is empty',
  ],
  ['audit.installed', 'audit.installed is false'],
  ['!audit.installed', 'audit.installed is true'],
  ['kernelModules.support == "modular"', 'kernelModules.support is not "modular"'],
  ['host.os.versionId != ""', 'host.os.versionId is empty'],
  ['params.wanted', 'parameter wanted is false'],
  ['"selinux" in host.securityModules', 'host.securityModules has no "selinux"'],
  ['host.init in ["systemd", "openrc"]', 'host.init is none of "systemd", "openrc"'],
  ['host.init in ["systemd"]', 'host.init is not "systemd"'],
  ['host.hostname.startsWith("a")', 'host.hostname does not begin with "a"'],
  ['!host.hostname.matches("^a")', 'host.hostname matches "^a"'],
  ['has(ports.bindV6Only)', 'ports.bindV6Only is not known'],
  ['host.kubernetesRoles.exists(r, r == "worker")', 'host.kubernetesRoles has no "worker"'],
  ['!host.kubernetesRoles.exists(r, r == "worker")', 'host.kubernetesRoles has "worker"'],
  [
    'kubelet.files.exists(f, f.role == "unit" && f.state != "absent")',
    'kubelet.files has no row where role is "unit" and state is not "absent"',
  ],
  ['ports.listeners.all(l, l.port < 1024)', 'not in every row of ports.listeners, port is less than 1024'],
  ['ports.listeners.exists(l, l.port in params.ports)', 'ports.listeners has no row where parameter ports has port'],
  [
    'audit.installed && (host.init == "systemd" || host.kubernetesRoles.size() > 0)',
    'audit.installed is false or (host.init is not "systemd" and host.kubernetesRoles is empty)',
  ],
  ['audit.installed || host.init == "systemd"', 'audit.installed is false and host.init is not "systemd"'],
  ['now < date("2027-01-01")', 'not: now < date("2027-01-01")'],
  ['false', 'the condition is false'],
  ['date("2027-01-01") < now', 'date("2027-01-01") is at least now'],
  ['kubelet.kubelets.size() != 0', 'kubelet.kubelets is empty'],
  ['kubelet.kubelets.size() == 2', 'kubelet.kubelets.size() is not 2'],
  ['kubelet.kubelets.size() < 1', 'kubelet.kubelets.size() is at least 1'],
  ['kubelet.kubelets.size() >= 0', 'kubelet.kubelets.size() is less than 0'],
  ['kubelet.kubelets.size() <= 3', 'kubelet.kubelets.size() is over 3'],
  ['!(kubelet.kubelets.size() > 3)', 'kubelet.kubelets.size() is over 3'],
  ['!(kubelet.kubelets.size() >= 3)', 'kubelet.kubelets.size() is at least 3'],
  ['!(kubelet.kubelets.size() < 3)', 'kubelet.kubelets.size() is less than 3'],
  ['!(kubelet.kubelets.size() <= 3)', 'kubelet.kubelets.size() is not over 3'],
  [
    'kubelet.kubelets.size() + ports.listeners.size() == 0',
    'kubelet.kubelets is not empty or ports.listeners is not empty',
  ],
  ['kubelet.kubelets.size() + 1 > 0', 'kubelet.kubelets.size() + 1 is not over 0'],
  ['1 + kubelet.kubelets.size() > 0', '1 + kubelet.kubelets.size() is not over 0'],
  ['host.os.versionId == ""', 'host.os.versionId is not empty'],
  ['host.kernel.release == host.hostname', 'host.kernel.release is not host.hostname'],
  ['host.hardware.cpuCores == 0', 'host.hardware.cpuCores is not 0'],
  ['!(host.init in ["systemd", "openrc"])', 'host.init is one of "systemd", "openrc"'],
  ['!(host.init in ["systemd"])', 'host.init is "systemd"'],
  ['!("selinux" in host.securityModules)', 'host.securityModules has "selinux"'],
  ['!has(ports.bindV6Only)', 'ports.bindV6Only is known'],
  ['!host.hostname.startsWith("a")', 'host.hostname begins with "a"'],
  ['host.hostname.endsWith("a")', 'host.hostname does not end in "a"'],
  ['!host.hostname.endsWith("a")', 'host.hostname ends in "a"'],
  ['host.hostname.contains("a")', 'host.hostname does not contain "a"'],
  ['!host.hostname.contains("a")', 'host.hostname contains "a"'],
  ['host.hostname.matches("^a  b")', 'host.hostname does not match "^a  b"'],
  ['!ports.listeners.all(l, l.port < 1024)', 'in every row of ports.listeners, port is less than 1024'],
  ['!ports.listeners.exists(l, l.port > 1024)', 'ports.listeners has a row where port is over 1024'],
  ['ports.listeners.all(l, l.address == "x")', 'not in every row of ports.listeners, address is "x"'],
  ['host.kubernetesRoles.exists(r, r != "worker")', 'host.kubernetesRoles has no row where r is not "worker"'],
  ['host.kubernetesRoles.exists(r, r == host.init)', 'host.kubernetesRoles has no row where r is host.init'],
  ['host.kubernetesRoles.exists(r, host.init == "x")', 'host.kubernetesRoles has no row where host.init is "x"'],
  ['host.kubernetesRoles.exists_one(r, r == "x")', 'not: host.kubernetesRoles.exists_one(r, r == "x")'],
  ['!host.kubernetesRoles.exists_one(r, r   == "x")', 'host.kubernetesRoles.exists_one(r, r == "x")'],
  [
    '(audit.installed && host.init == "a") || host.init == "b"',
    '(audit.installed is false or host.init is not "a") and host.init is not "b"',
  ],
  [
    'audit.installed && host.init == "a" && host.init == "b"',
    'audit.installed is false or host.init is not "a" or host.init is not "b"',
  ],
  ['!(audit.installed && host.init == "a")', 'audit.installed is true and host.init is "a"'],
  ['true', 'the condition is true'],
  ['audit.installed ? true : false', 'not: audit.installed ? true : false'],
]

for (const [expression, text] of cases) {
  t.test(`where ${expression} does not hold, it says so in words`, async t => t.equal(unmet(expression), text))
}

t.test('every condition of the catalog has words in one line', async t => {
  for (const { check, unmet } of compileCatalog(catalog, facets).checks.values()) {
    if (check.applies === undefined) t.equal(unmet(), '')
    else t.match(unmet(), /^\S.*\S$/, check.id)
  }
})
