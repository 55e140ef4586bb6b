// The latest that each agent told about itself.
import type { Migration } from '../migration.ts'

const statement = `create table agent_health (
  host_no integer primary key references host on delete cascade,
  received_at integer not null,
  condition text not null,
  body text not null
) strict`

export const agentHealth: Migration = {
  kind: 'rebuild',
  number: 5,
  name: 'agent health',
  statements: [statement],
}
