// Tests of what tells a hypervisor, with what machines of several makers say.
import fc from 'fast-check'
import t from 'tap'
import { type HypervisorClues, hypervisorOf } from '../../../agent/parse/hypervisor.ts'

const guest = 'processor\t: 0\nflags\t\t: fpu vme de pse hypervisor lahf_lm\nbugs\t\t:\n'
const metal = 'processor\t: 0\nflags\t\t: fpu vme de pse lahf_lm\nbugs\t\t:\n'
const arm = 'processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd evtstrm\n'
const clues = (given: Partial<HypervisorClues>) => ({
  firmware: [],
  type: '',
  clocks: 'tsc hpet',
  cpuinfo: guest,
  ...given,
})

const machines: readonly (readonly [machine: string, clues: Partial<HypervisorClues>, told: string | undefined])[] = [
  [
    'QEMU with KVM',
    { firmware: ['QEMU', 'Standard PC (Q35 + ICH9, 2009)', '', 'SeaBIOS'], clocks: 'kvm-clock tsc' },
    'kvm',
  ],
  ['QEMU without it', { firmware: ['QEMU', 'Standard PC (i440FX + PIIX, 1996)', '', 'SeaBIOS'] }, 'qemu'],
  [
    'VirtualBox, which offers the clock of KVM',
    { firmware: ['innotek GmbH', 'VirtualBox', 'Oracle Corporation', 'innotek GmbH'], clocks: 'kvm-clock tsc' },
    'virtualbox',
  ],
  ['VMware', { firmware: ['VMware, Inc.', 'VMware Virtual Platform', 'Intel Corporation', 'Phoenix'] }, 'vmware'],
  [
    'Hyper-V',
    {
      firmware: ['Microsoft Corporation', 'Virtual Machine', 'Microsoft Corporation', ''],
      clocks: 'hyperv_clocksource_tsc_page acpi_pm',
    },
    'hyper-v',
  ],
  [
    'a Surface of the same vendor',
    { firmware: ['Microsoft Corporation', 'Surface Pro 7', 'Microsoft Corporation', ''], cpuinfo: metal },
    'none',
  ],
  ['Xen with DMI', { firmware: ['Xen', 'HVM domU', '', 'Xen'], clocks: 'xen tsc' }, 'xen'],
  ['Xen without DMI', { type: 'xen\n' }, 'xen'],
  [
    'an instance of EC2',
    { firmware: ['Amazon EC2', 'm5.large', 'Amazon EC2', 'Amazon EC2'], clocks: 'kvm-clock tsc' },
    'kvm',
  ],
  [
    'an instance of EC2 on bare metal',
    { firmware: ['Amazon EC2', 'm5.metal', 'Amazon EC2', 'Amazon EC2'], cpuinfo: metal },
    'none',
  ],
  [
    'an ARM instance of EC2',
    { firmware: ['Amazon EC2', 'm7g.large', 'Amazon EC2', 'Amazon EC2'], cpuinfo: arm },
    'amazon',
  ],
  ['Firecracker, which has no DMI', { clocks: 'tsc kvm-clock \n' }, 'kvm'],
  ['a guest of somebody who gives no name', {}, 'unknown'],
  ['bare metal', { firmware: ['Dell Inc.', 'PowerEdge R650', 'Dell Inc.', 'Dell Inc.'], cpuinfo: metal }, 'none'],
  ['a board of ARM, of which nothing is told', { cpuinfo: arm, clocks: 'arch_sys_counter' }, undefined],
  ['a machine without any text', { cpuinfo: '', clocks: '' }, undefined],
]

t.test('every vendor by the beginning of what it writes', async t => {
  const names = {
    ...{
      'VMware, Inc.': 'vmware',
      'innotek GmbH': 'virtualbox',
      VirtualBox: 'virtualbox',
      'Parallels Software': 'parallels',
    },
    ...{ BHYVE: 'bhyve', 'Apple Virtualization Generic Platform': 'apple', Xen: 'xen', Bochs: 'bochs', KVM: 'kvm' },
    ...{
      'OpenStack Nova': 'kvm',
      KubeVirt: 'kvm',
      'Google Compute Engine': 'kvm',
      'Amazon EC2': 'amazon',
      QEMU: 'qemu',
    },
  }
  for (const [text, name] of Object.entries(names)) {
    t.equal(hypervisorOf(clues({ firmware: ['', '', '', ` ${text} `] })), name, text)
    t.equal(hypervisorOf(clues({ firmware: [`Not ${text}`] })), 'unknown', `not ${text}`)
  }
  t.equal(
    hypervisorOf(clues({ firmware: ['Microsoft Corporation', 'Virtual', 'Machine'] })),
    'unknown',
    'vendor and product',
  )
})

t.test('clocks and flags are whole words', async t => {
  t.equal(hypervisorOf(clues({ clocks: 'tsc xen' })), 'xen')
  t.equal(hypervisorOf(clues({ clocks: 'hyperv_clocksource_msr' })), 'hyper-v')
  t.equal(hypervisorOf(clues({ clocks: 'xenon mykvm-clock' })), 'unknown')
  t.equal(hypervisorOf(clues({ type: 'uml' })), 'unknown')
  t.equal(hypervisorOf(clues({ cpuinfo: 'flags : fpu hypervisor\n' })), 'unknown', 'the last flag')
  t.equal(hypervisorOf(clues({ cpuinfo: 'flags : fpu hypervisors\n' })), 'none')
  t.equal(hypervisorOf(clues({ cpuinfo: 'model name : x\nvmx flags : x hypervisor\n' })), undefined, 'another line')
})

for (const [machine, given, told] of machines) {
  t.test(`${machine}: ${told ?? 'cannot be told'}`, async t => t.equal(hypervisorOf(clues(given)), told))
}

t.test('any text is answered, and case does not matter', async t => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (vendor, clocks, cpuinfo) => {
      const name = hypervisorOf({ firmware: [vendor, ''], type: '', clocks, cpuinfo })
      t.ok(name === undefined || /^[a-z-]+$/.test(name))
    }),
    { numRuns: 200 },
  )
  t.equal(hypervisorOf(clues({ firmware: ['VMWARE, INC.', ''] })), 'vmware')
})
