// What never gets to a route: requests that nobody can read are answered as problems, and the connection ends.
import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { openHttpServer } from '../../../collector/api/http-server.ts'
import { ProblemSchema } from '../../../collector/api/problem.ts'
import { countOpenFiles } from '../../../collector/count-open-files.ts'
import { until } from '../../until.ts'

const server = await openHttpServer({ host: '127.0.0.1', port: 0 }, (_, response) => response.end('seen'))
t.teardown(() => server.close(0))

/** @returns all that came until the other side closed */
async function say(text: string): Promise<string> {
  const socket = connect(Number(server.address.split(':')[1]), '127.0.0.1')
  let heard = ''
  socket.setEncoding('utf8').on('data', piece => {
    heard += piece
  })
  socket.write(text)
  await once(socket, 'close')
  return heard
}

// The first one: no connection of another test ends meanwhile.
t.test('who does not hang up after that is hung up on', async t => {
  const files = await countOpenFiles()
  const socket = connect({ host: '127.0.0.1', port: Number(server.address.split(':')[1]), allowHalfOpen: true })
  socket.resume().write('nonsense\r\n\r\n')
  await once(socket, 'end')
  await until(async () => (await countOpenFiles()) < files + 2)
  t.equal(socket.readyState, 'writeOnly', 'only this end is left')
  socket.destroy()
})

t.test('what is no request is a problem', async t => {
  const long = `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`
  for (const [status, text] of [
    [400, 'nonsense\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nbad header\r\n\r\n'],
    [400, '\u0016\u0003\u0001\u0002\u0000\u0001\u0000'],
    [400, 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'],
    [431, long],
  ] as const) {
    const [head = '', body = ''] = (await say(text)).split('\r\n\r\n')
    t.match(head, new RegExp(`^HTTP/1.1 ${status} `))
    t.match(head, /content-type: application\/problem\+json/)
    t.equal(ProblemSchema.strict().parse(JSON.parse(body)).status, status)
  }
})

t.test('it goes on answering those who can be read', async t => {
  t.match(await say('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'), /^HTTP\/1.1 200 OK.*seen/s)
})
