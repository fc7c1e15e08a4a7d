// Calls tollgate with OpenAI's SDK for Node, one function for each case.
//
// Prints "ok CASE" or "FAIL CASE" with what went wrong. The cases have the same names
// as those of the other SDKs; sdk_test.go runs them and looks at what went upstream.

import assert from 'node:assert/strict'
import OpenAI, { toFile } from 'openai'

const { TOLLGATE_ROOT: root, TOLLGATE_IMAGE: image, TOLLGATE_KEY_POOR: poorKey, TOLLGATE_KEY_NARROW: narrowKey } = process.env
const messages = [{ role: 'user', content: 'hi' }]
const weather = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'the weather in a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
]

// client is one as a user makes it, and a count of the requests that it sends,
// repeats among them.
function client(options = {}) {
  const counter = { requests: 0 }
  const counting = (url, init) => {
    counter.requests++
    return fetch(url, init)
  }
  return [new OpenAI({ fetch: counting, ...options }), counter]
}

// refused makes a call that must fail, and returns its error.
async function refused(kind, status, call, { requests = 1, ...options } = {}) {
  const [c, counter] = client(options)
  try {
    await call(c)
  } catch (e) {
    assert.ok(e instanceof kind, `${e.constructor.name}: ${e.message}`)
    assert.equal(e.status, status)
    assert.equal(counter.requests, requests)
    assert.ok(e.requestID, 'no request id')
    return e
  }
  assert.fail('it was answered')
}

const chatWith = (model, more = {}) => (c) => c.chat.completions.create({ model, messages, ...more })

async function all(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

const textOf = (chunks) => chunks.map((c) => c.choices[0]?.delta.content ?? '').join('')

function checkToolCall(calls) {
  assert.equal(calls.length, 1)
  assert.equal(calls[0].function.name, 'get_weather')
  assert.equal(calls[0].function.arguments, '{"city":"Paris"}')
  assert.ok(calls[0].id, 'no id')
}

// assemble lets the SDK put a streamed tool call together.
async function assemble(model) {
  const [c] = client()
  const message = await c.chat.completions.stream({ model, messages, tools: weather }).finalMessage()
  checkToolCall(message.tool_calls)
}

// embed compares the default, for which the SDK asks for base64 by itself and decodes
// it, with floats.
async function embed(model) {
  const [c] = client()
  const input = ['a', 'b']
  const byDefault = await c.embeddings.create({ model, input })
  const floats = await c.embeddings.create({ model, input, encoding_format: 'float' })
  assert.equal(byDefault.data.length, 2)
  assert.deepEqual(byDefault.data.map((d) => [...d.embedding]), floats.data.map((d) => d.embedding))
  assert.deepEqual([...byDefault.data[1].embedding], [0.5, -0.25, 0.125])
  assert.equal(byDefault.usage.prompt_tokens, 10)
}

function checkRefusal(e) {
  const body = e.error
  assert.deepEqual([body.type, body.code], ['budget_exceeded', 'budget_exceeded'])
  assert.deepEqual([e.type, e.code], ['budget_exceeded', 'budget_exceeded'])
  const b = body.budget
  assert.deepEqual([b.scope, b.account, b.name], ['user', process.env.TOLLGATE_USER_POOR, 'pocket money'])
  assert.equal(typeof b.limit, 'string', 'money is not a float')
  assert.deepEqual([Number(b.limit), Number(b.spent)], [0.01, 0.00812])
  assert.ok(b.id && b.window === 'month' && b.resets_at.endsWith('T00:00:00Z'), JSON.stringify(b))
  assert.ok(body.free_models.includes('free') && body.free_models.includes('assistant'), `${body.free_models}`)
  assert.ok(!body.free_models.includes('paid'), `${body.free_models}`)
  assert.match(body.message, /pocket money|0\.01/)
}

const recording = () => toFile(Buffer.from('RIFF\x00\xff\r\n\r\n--', 'latin1'), 'a.wav', { type: 'audio/wav' })

const cases = {
  async chat() {
    const [c, counter] = client()
    const r = await c.chat.completions.create({ model: 'chat', messages })
    assert.equal(r.choices[0].message.content, 'hello')
    assert.equal(r.choices[0].finish_reason, 'stop')
    assert.deepEqual([r.usage.prompt_tokens, r.usage.completion_tokens], [10, 5])
    assert.equal(counter.requests, 1)
  },

  async chat_stream() {
    const [c] = client()
    const chunks = await all(await c.chat.completions.create({ model: 'stream', messages, stream: true }))
    assert.equal(textOf(chunks), 'one two three')
    assert.ok(chunks.length >= 4, `${chunks.length} chunks`)
    for (const chunk of chunks) {
      assert.equal(chunk.choices.length, 1)
      assert.equal(chunk.usage ?? null, null)
    }
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop')
  },

  async chat_stream_usage() {
    const [c] = client()
    const chunks = await all(
      await c.chat.completions.create({ model: 'stream-usage', messages, stream: true, stream_options: { include_usage: true } }),
    )
    assert.equal(textOf(chunks), 'one two three')
    assert.equal(chunks.filter((chunk) => chunk.usage).length, 1)
    assert.deepEqual(chunks.at(-1).choices, [])
    assert.equal(chunks.at(-1).usage.total_tokens, 15)
  },

  async tools() {
    const [c] = client()
    const r = await c.chat.completions.create({ model: 'tools', messages, tools: weather })
    assert.equal(r.choices[0].finish_reason, 'tool_calls')
    checkToolCall(r.choices[0].message.tool_calls)
  },

  tools_stream: () => assemble('tools-stream'),

  async vision() {
    const [c] = client()
    const content = [
      { type: 'text', text: 'what is this?' },
      { type: 'image_url', image_url: { url: image } },
    ]
    const r = await c.chat.completions.create({ model: 'vision', messages: [{ role: 'user', content }] })
    assert.equal(r.choices[0].message.content, 'hello')
  },

  async schema() {
    const [c] = client()
    const r = await c.chat.completions.parse({
      model: 'schema',
      messages,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'weather',
          strict: true,
          schema: {
            type: 'object',
            properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
            required: ['city', 'degrees'],
            additionalProperties: false,
          },
        },
      },
    })
    assert.deepEqual(JSON.parse(r.choices[0].message.content), { city: 'Paris', degrees: 21 })
  },

  async logprobs() {
    const [c] = client()
    const r = await c.chat.completions.create({ model: 'logprobs', messages, logprobs: true, top_logprobs: 2 })
    const [token] = r.choices[0].logprobs.content
    assert.deepEqual([token.token, token.logprob], ['hello', -0.25])
    assert.deepEqual(token.top_logprobs.map((t) => t.token), ['hello', 'hi'])
  },

  embeddings: () => embed('embedder'),

  async completions() {
    const [c] = client()
    const r = await c.completions.create({ model: 'legacy', prompt: 'once upon a time', max_tokens: 5 })
    assert.equal(r.choices[0].text, 'hello')
  },

  async models() {
    const [c] = client()
    const ids = (await all(await c.models.list())).map((m) => m.id)
    for (const name of ['Qwen/Qwen3-32B', 'llama3.2:3b', 'assistant', 'paid']) {
      assert.ok(ids.includes(name), `${name} is not in ${ids}`)
      assert.equal((await c.models.retrieve(name)).id, name)
    }
    const r = await c.chat.completions.create({ model: 'Qwen/Qwen3-32B', messages })
    assert.equal(r.choices[0].message.content, 'hello')
  },

  async base_url() {
    for (const baseURL of [root, root + '/v1/']) {
      const [c] = client({ baseURL })
      const r = await c.chat.completions.create({ model: 'base-url', messages })
      assert.equal(r.choices[0].message.content, 'hello')
    }
  },

  async extra_body() {
    const [c] = client()
    await c.chat.completions.create({ model: 'extra', messages, vllm_xargs: { deep: [1, 2, { x: null }] }, repetition_penalty: 1.05 })
  },

  async request_id() {
    const [c] = client()
    const { data, response } = await c.chat.completions.create({ model: 'ids', messages }).withResponse()
    assert.ok(response.headers.get('x-request-id'), 'no X-Request-Id')
    assert.equal(data._request_id, response.headers.get('x-request-id'))
  },

  async bad_key() {
    const e = await refused(OpenAI.AuthenticationError, 401, chatWith('chat'), { apiKey: 'sk-wrong' })
    assert.equal(e.code, 'invalid_api_key')
  },

  async model_denied() {
    const e = await refused(OpenAI.PermissionDeniedError, 403, chatWith('denied'), { apiKey: narrowKey })
    assert.equal(e.code, 'model_not_allowed')
  },

  async model_unknown() {
    const e = await refused(OpenAI.NotFoundError, 404, chatWith('no-such-model'))
    assert.equal(e.code, 'model_not_found')
  },

  async bad_request() {
    const e = await refused(OpenAI.BadRequestError, 400, chatWith('chat', { n: 'x' }))
    assert.deepEqual([e.code, e.param], ['invalid_value', 'n'])
  },

  upstream_500: () => refused(OpenAI.InternalServerError, 502, chatWith('fails')),

  // Worth another try, which the gateway makes itself: it tells the SDK to make none.
  async upstream_down() {
    const e = await refused(OpenAI.InternalServerError, 503, chatWith(process.env.TOLLGATE_DOWN))
    assert.equal(e.code, 'no_healthy_upstream')
  },

  async stream_cut() {
    const [c, counter] = client()
    const chunks = []
    await assert.rejects(async () => {
      for await (const chunk of await c.chat.completions.create({ model: 'cut', messages, stream: true })) chunks.push(chunk)
    }, OpenAI.APIError)
    assert.deepEqual(textOf(chunks).trim().split(' '), ['one', 'two'])
    assert.equal(counter.requests, 1)
  },

  async budget() {
    const [poor] = client({ apiKey: poorKey })
    for (let i = 0; i < 2; i++) {
      const r = await poor.chat.completions.create({ model: 'paid', messages, max_tokens: 10 })
      assert.equal(r.choices[0].message.content, 'hello')
    }
    for (const stream of [false, true]) {
      const e = await refused(OpenAI.RateLimitError, 429, chatWith('paid', { max_tokens: 10, stream }), { apiKey: poorKey })
      checkRefusal(e)
      assert.equal(e.headers.get('x-should-retry'), 'false')
      assert.ok(Number(e.headers.get('retry-after')) >= 1)
    }
    for (const model of ['free', 'assistant', 'open/free']) {
      const r = await poor.chat.completions.create({ model, messages })
      assert.equal(r.choices[0].message.content, 'hello')
    }
  },

  async fallback() {
    const [c] = client({ apiKey: poorKey })
    const { data, response } = await c.chat.completions.create({ model: 'auto', messages, max_tokens: 10 }).withResponse()
    assert.equal(data.choices[0].message.content, 'hello')
    assert.equal(response.headers.get('x-tollgate-deployment'), 'gpu/free')
    assert.match(response.headers.get('x-tollgate-fallback'), /budget_exceeded/)
  },

  async ollama_chat() {
    const [c] = client()
    const r = await c.chat.completions.create({ model: 'llama3.2:3b', messages })
    assert.equal(r.choices[0].message.content, 'hello')
    assert.equal(r.usage.total_tokens, 15)
  },

  async ollama_stream() {
    const [c] = client()
    const chunks = await all(
      await c.chat.completions.create({ model: 'streamer:1b', messages, stream: true, stream_options: { include_usage: true } }),
    )
    assert.equal(textOf(chunks), 'one two three')
    assert.deepEqual(chunks.filter((chunk) => chunk.usage).map((chunk) => chunk.usage.total_tokens), [15])
  },

  async ollama_tools() {
    const [c] = client()
    const r = await c.chat.completions.create({ model: 'tools:1b', messages, tools: weather })
    assert.equal(r.choices[0].finish_reason, 'tool_calls')
    checkToolCall(r.choices[0].message.tool_calls)
  },

  ollama_tools_stream: () => assemble('tool-stream:1b'),

  ollama_embeddings: () => embed('embed-mini:1b'),

  async responses() {
    const [c] = client()
    const r = await c.responses.create({ model: 'responses', input: 'hi' })
    assert.deepEqual([r.output_text, r.status, r.usage.input_tokens], ['hello', 'completed', 10])
    const again = await c.responses.retrieve(r.id)
    assert.deepEqual([again.id, again.output_text], [r.id, 'hello'])
  },

  async responses_stream() {
    const [c] = client()
    const events = await all(await c.responses.create({ model: 'responses-stream', input: 'hi', stream: true }))
    const deltas = events.filter((e) => e.type === 'response.output_text.delta').map((e) => e.delta)
    assert.equal(deltas.join(''), 'one two three')
    assert.deepEqual([events.at(-1).type, events.at(-1).response.usage.output_tokens], ['response.completed', 5])
  },

  async responses_cut() {
    const [c, counter] = client()
    const events = []
    await assert.rejects(async () => {
      for await (const e of await c.responses.create({ model: 'responses-cut', input: 'hi', stream: true })) events.push(e)
    }, OpenAI.APIError)
    const failed = events.filter((e) => e.type === 'response.failed').map((e) => [e.response.id, e.response.status, e.response.error.code])
    assert.deepEqual(failed, [[events[0].response.id, 'failed', 'server_error']])
    assert.equal(counter.requests, 1)
  },

  async transcription() {
    const [c] = client()
    const r = await c.audio.transcriptions.create({ model: 'hear', file: await recording() })
    assert.deepEqual([r.text, r.usage.type, r.usage.input_tokens], ['one two', 'tokens', 10])
  },

  async transcription_stream() {
    const [c] = client()
    const events = await all(await c.audio.transcriptions.create({ model: 'hear', file: await recording(), stream: true }))
    assert.equal(events.filter((e) => e.type === 'transcript.text.delta').map((e) => e.delta).join(''), 'one two')
    assert.deepEqual([events.at(-1).type, events.at(-1).text], ['transcript.text.done', 'one two'])
  },

  async translation() {
    const [c] = client()
    assert.equal((await c.audio.translations.create({ model: 'hear', file: await recording() })).text, 'one two')
  },

  async speech() {
    const [c] = client()
    const r = await c.audio.speech.create({ model: 'say', voice: 'alloy', input: 'hello' })
    const sound = Buffer.from(await r.arrayBuffer())
    assert.deepEqual([sound.length, sound.toString('latin1', 0, 6), r.headers.get('content-type')], [250_000, 'RIFF\x00\xff', 'audio/mpeg'])
  },

  async images() {
    const [c] = client()
    const r = await c.images.generate({ model: 'draw', prompt: 'a cat', n: 2 })
    assert.deepEqual([r.data.map((i) => i.b64_json), r.usage.output_tokens], [['AAAA', 'AAAA'], 5])
  },

  async images_stream() {
    const [c] = client()
    const events = await all(await c.images.generate({ model: 'draw', prompt: 'a cat', stream: true, partial_images: 1 }))
    assert.deepEqual(events.map((e) => e.type), ['image_generation.partial_image', 'image_generation.completed'])
    assert.equal(events.at(-1).b64_json.length, 200_000)
  },

  async images_edit() {
    const [c] = client()
    const image = await toFile(Buffer.from('\x89PNG\x00', 'latin1'), 'a.png', { type: 'image/png' })
    assert.equal((await c.images.edit({ model: 'draw', prompt: 'a dog', image })).data[0].b64_json, 'AAAA')
  },

  async moderations() {
    const [c] = client()
    assert.equal((await c.moderations.create({ model: 'judge', input: 'hi' })).results[0].flagged, false)
  },
}

for (const [name, run] of Object.entries(cases)) {
  try {
    await run()
    console.log('ok', name)
  } catch (e) {
    process.exitCode = 1
    console.log('FAIL', name)
    console.log(e)
  }
}
