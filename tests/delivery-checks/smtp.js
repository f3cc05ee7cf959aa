// An SMTP server on loopback that keeps nothing: each message it takes is one line of JSON on standard output, read by a mail parser.
// The first line is { port }. An address whose left half is `refused` is refused for good, `later` for now; a subject with `Busy` is refused for now, the first time.
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const seen = new Set();

function refusal(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  disableReverseLookup: true,
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _session, done) =>
    username === "geoevents" && password === "secret" ? done(null, { user: username }) : done(refusal(535, "Wrong user or password")),
  onRcptTo: ({ address }, _session, done) =>
    address.startsWith("refused@") ? done(refusal(550, "No such mailbox")) : address.startsWith("later@") ? done(refusal(451, "Come back later")) : done(),
  onData: async (stream, session, done) => {
    const message = await simpleParser(stream, { skipTextToHtml: true });
    if (message.subject?.includes("Busy") && !seen.has(message.messageId)) {
      seen.add(message.messageId);
      done(refusal(452, "Busy"));
      return;
    }

    console.log(JSON.stringify({
      user: session.user ?? null,
      envelope: session.envelope.rcptTo.map((r) => r.address),
      from: message.from?.text,
      to: message.to?.text,
      subject: message.subject,
      messageId: message.messageId,
      inReplyTo: message.inReplyTo ?? null,
      references: [message.references ?? []].flat(),
      headers: message.headerLines.map((h) => h.line),
      text: message.text,
      html: message.html,
    }));
    done();
  },
});
server.on("error", (error) => console.error(error.message));
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.server.address().port })));
process.stdin.on("end", () => process.exit(0)).resume();
