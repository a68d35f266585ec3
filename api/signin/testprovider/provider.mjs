// A real OpenID provider on a free port of 127.0.0.1, for tests. Whoever is set by POST /who signs in without being asked. It prints its
// address, and ends when its standard input does, so that it dies with the test that started it.
import http from 'node:http';
import Provider from 'oidc-provider';

const people = new Map();
let present = '';

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'docket', client_secret: 'provider-secret', redirect_uris: [process.env.REDIRECT] }],
    cookies: { keys: ['test'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, next) => {
    if (ctx.path === '/who') {
      const chunks = [];
      for await (const chunk of ctx.req) chunks.push(chunk);
      const { sub, ...claims } = JSON.parse(Buffer.concat(chunks).toString());
      people.set(sub, claims);
      present = sub;
      ctx.status = 204;
    } else if (ctx.path.startsWith('/interaction/')) {
      await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: present } });
      ctx.respond = false;
    } else {
      await next();
    }
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.on('end', () => process.exit(0)).resume();
