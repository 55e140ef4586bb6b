// Holds apparmor against what aa-status and ps printed.
import type { AppArmorFacts, AppArmorObservations } from '../../proto/facets/apparmor.ts'
import { type Comparison, linesOf, type Recording, sorted } from './recording.ts'

export function compareAppArmor(recording: Recording): readonly Comparison[] {
  const facts = recording.facts<AppArmorFacts>('apparmor')
  const { processes } = recording.observations<AppArmorObservations>('apparmor')
  const status = recording.output('aa-status')
  const profiles = [...status.matchAll(/profiles are in (\w+) mode\.\n((?: {3}.*\n)*)/g)]
  const confined = linesOf(recording.output('ps-Z')).slice(1)
  return [
    {
      title: 'profiles and their modes are those of aa-status',
      found: sorted((facts.profiles ?? []).map(({ name, mode }) => `${name} ${mode}`)),
      printed: sorted(profiles.flatMap(([, mode, names = '']) => linesOf(names).map(name => `${name.trim()} ${mode}`))),
    },
    {
      title: 'AppArmor is on as aa-enabled says',
      found: facts.enabled,
      printed: recording.output('aa-enabled').trim() === 'Yes',
    },
    {
      title: 'labels of processes are those of ps',
      found: sorted(processes.flatMap(({ label, mode, count }) => Array(count).fill(`${label} (${mode})`))),
      printed: sorted(
        confined.map(line => line.replace(/ +\d+ .*$/, '')).filter(label => !label.startsWith('unconfined')),
      ),
    },
    {
      title: 'programs that run without their profile are those that aa-status counts',
      found: facts.unconfinedWithProfile?.length,
      printed: Number(/^(\d+) processes are unconfined but have a profile/m.exec(status)?.[1]),
    },
  ]
}
