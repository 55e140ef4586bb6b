// What an agent says of its host's labels, apart: labels that were granted can be taken back.
import type { Migration } from '../migration.ts'

export const agentLabels: Migration = {
  kind: 'rebuild',
  number: 12,
  name: 'agent labels',
  statements: [
    "alter table host add column agent_labels text not null default '{}'",
    // With what enrollment granted in it, which goes over it anyway.
    'update host set agent_labels = labels',
  ],
}
