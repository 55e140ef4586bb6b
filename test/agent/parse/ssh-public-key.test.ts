// Tests of the type and size of public keys, held against keys that ssh-keygen made.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseSshPublicKey } from '../../../agent/parse/ssh-public-key.ts'
import { fixtureRoot } from '../../fixture-host.ts'

const rsa =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCOG3iUL7t5JvtJldWPONMTuKclJRbobXg4eaP+QRwQt05viw/9k/TPocNcbxcr91Fkt+0f7xLBgpZtpAOMfmPvfv6XRHOXE/6cEjtgZL2HrDaJeO4ZOVrVMQJOe9wxVcLoxhYmFPKrPwdqIFJOtPPa1feoh57qqWB1nt/4pIsIt+La+owwt7Sz2nFpjLWNOvF3ZtiqnlWml2ct+F9gWz+YvBQgPz1h/ZZilp3gH4gUcEuSA9ttCeLPdRNYr9StxsmmFa7cl3GLJlcP+dd7k6JQIy0rTncGXsqf3wHWr0OW5vw0H4tV7eEgtVcWWl3XqjPUspIa9jkFnnu6MtEeVqur'
const ecdsa =
  'ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBDEMg5bLVL4IqbIeMaUrCKEMV/oNJ+W3/WvhF3vjmURnyQWHwuciU1GHmAh9fQ4ULeSrEFMio/7kyYOU5uV28p9F5QaCH3cUzPIRRLmgr55VitF+oTI0JSpzlpEhy7GEnQ=='
const dsa =
  'ssh-dss AAAAB3NzaC1kc3MAAACBAIN5xS/SXf4CYq9cMn2ZnWEypN/1kR7vmhCfXOJiaFP+Rv6peikq6RapXylWwqcBddmOOz9eu89/WFiYK+qoE3rWGd9be2N37lp1ABoPN6OJZptfxH/C+fioasguWNFRY0429prASvriCzAzmXX0DjH+FE9TsQA3N3urkndL+AQ/AAAAFQDSfRv+K9aNPNh4XnxAH9SPLQUWawAAAIBLKHx/Ac/n5Wdc1mjdGZ1X70tGMCTSZ9fIOb5da+MtmKILaL8B0MFjBcfGtR+MevSagS9yOyvKo/oP3Vt1cFtUn0ynqaYv5oF9ibRJsopUlAHxVsgrXIiDuP85Ye0nq5iylncaUOm/hykW109jr/1RZz897PsFCYVO+za+wLR4vAAAAIAz1qLCi2RsSLaFogsWDMnJDJKtARX3kA54jqQt75cZX4UUbu5iebb9ndhRbwb/qfGPBEidBkMnfH/9fyLySQKNnLCYWBcoBovbNE2PERogsR3RnWlSQZQBFSD4tV58aksz1LNeiWVw7sXPigyInQ8uz7mJFWDDycp3Q1041p08hg=='
const fixture = (name: string) => readFileSync(join(fixtureRoot('debian12-vm'), 'etc/ssh', name), 'utf8')

t.test('type and size of each kind', async t => {
  t.strictSame(parseSshPublicKey(`${rsa} root@host\n`), { type: 'ssh-rsa', bits: 2048 })
  t.strictSame(parseSshPublicKey(ecdsa), { type: 'ecdsa-sha2-nistp384', bits: 384 })
  t.strictSame(parseSshPublicKey(dsa), { type: 'ssh-dss', bits: 1024 })
  t.strictSame(parseSshPublicKey(fixture('ssh_host_ed25519_key.pub')), { type: 'ssh-ed25519', bits: 256 })
  t.strictSame(parseSshPublicKey(fixture('ssh_host_ecdsa_key.pub')), { type: 'ecdsa-sha2-nistp256', bits: 256 })
  t.strictSame(parseSshPublicKey(fixture('ssh_host_rsa_key.pub')), { type: 'ssh-rsa', bits: 3072 })
})

t.test('what is no key, or lies about its type', async t => {
  for (const text of [
    '',
    'ssh-rsa',
    'ssh-rsa AAAA',
    'canary AAAAC3NzaC1lZDI1NTE5AAAA',
    rsa.replace('ssh-rsa', 'ssh-dss'),
  ]) {
    t.equal(parseSshPublicKey(text), undefined, text.slice(0, 30))
  }
})

t.test('every prefix and any bytes are answered', async t => {
  for (let length = 0; length <= rsa.length; length += 1) {
    const key = parseSshPublicKey(rsa.slice(0, length))
    t.ok(key === undefined || key.type === 'ssh-rsa')
  }
  const body = fc.uint8Array({ minLength: 4, maxLength: 80 })
  const type = fc.constantFrom('ssh-rsa', 'ssh-dss', 'ssh-ed25519')
  const property = fc.property(type, body, (name, bytes) => {
    const head = Buffer.concat([Buffer.from([0, 0, 0, name.length]), Buffer.from(name), bytes])
    const key = parseSshPublicKey(`${name} ${head.toString('base64')}`)
    return key !== undefined && key.type === name && key.bits >= 0
  })
  t.doesNotThrow(() => fc.assert(property))
})
