using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Relationships;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents log</c>: puts one incident on record and says what it did.</summary>
public static class LogCommand
{
    /// <summary>An incident older than this is shown with what it did at its own time too.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var body = new IncidentBody();
        var file = new Option<string?>("--file", "-f") { Description = "A JSON body as the API takes it, instead of words; - is standard input", HelpName = "FILE" };
        var key = new Option<string?>("--idempotency-key") { Description = "Names this request; made from its content if not said, so that the same command again records nothing twice", HelpName = "KEY" };
        var command = new Command("log", "Put one incident on record.");
        body.AddTo(command);
        command.Add(file);
        command.Add(key);
        command.WithExamples(
        [
            ("geoevents log RUS AZE diplomatic-protest \"Note handed over in Baku\"", "in a line; it happened now"),
            ("geoevents log RUS AZE violence-against-nationals \"Police raid in Yekaterinburg\" --on 2025-06-27T01:00:00Z --deaths 2 --detained 9 \\\n      "
                + "--attribution 0.8 --report wire-a:2 --report mid-ru:3:denies \\\n      --place Yekaterinburg,RUS,56.84,60.61 --issue yekaterinburg",
                "with date, casualties, sources and place"),
            ("geoevents log AZE RUS cultural-ban \"Cultural events cancelled\" --on 2025-06-28 --opens --id culture-ban --responds-to yekaterinburg-raid", "opens a measure"),
            ("geoevents log AZE RUS measures-eased \"Events are back\" --on 2025-09 --closes culture-ban", "and closes it"),
            ("geoevents log FRA DEU \"Talks in Metz\" --cameo 036", "by CAMEO code instead of type"),
            ("geoevents log RUS OTS diplomatic-protest \"Note to the bloc\" --actor-new \"OTS:Organization of Turkic States:bloc\" --source-new \"blog:A blog:E\" --report blog:4",
                "with an actor and a source that are new"),
            ("generate | geoevents log --file -", "a JSON body from another program"),
        ],
        Types());
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var json = result.GetValue(file) is { } path
                ? await ReadBody(path, body.IsGiven(result), surroundings, cancel)
                : body.Read(result, surroundings.Clock.GetUtcNow()).ToJsonString(GeoJson.Options);
            var name = result.GetValue(key) ?? $"geoevents-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..32]}";
            ServiceAnswer answer;
            try
            {
                answer = await session.Service.Post("incidents", json, name, cancel);
            }
            catch (CommandException e) when (e.ExitCode == ExitCode.Unreachable && result.GetResult(body.On) is null && result.GetValue(file) is null)
            {
                // The same words a minute later would be another incident, since they were to mean now.
                var on = body.Read(result, surroundings.Clock.GetUtcNow())["occurred"];
                throw new CommandException(e.ExitCode, $"{e.Message}\nWhen you repeat this, add --on {on} so that it is the same incident.");
            }

            if (session.Json)
            {
                session.Screen.Document(answer.Json);
            }
            else
            {
                await Tell(session, answer, cancel);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<string> ReadBody(string path, bool wordsGiven, Surroundings surroundings, CancellationToken cancel)
    {
        if (wordsGiven)
        {
            throw CommandException.Usage("An incident is given in words or with --file, not both.");
        }

        try
        {
            await using var stream = path == "-" ? surroundings.Input() : File.OpenRead(path);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage(File.Exists(path) ? $"'{path}' cannot be read: {e.Message}" : $"There is no file '{path}'.");
        }
    }

    private static async Task Tell(Session session, ServiceAnswer answer, CancellationToken cancel)
    {
        var incident = answer.Read<IncidentAnswer>();
        if (answer.Replayed || answer.Status == System.Net.HttpStatusCode.OK)
        {
            session.Screen.Line($"{incident.Id} was on record already, the same; nothing was recorded.");
            return;
        }

        session.Screen.Line($"Logged {incident.Id}");
        try
        {
            foreach (var dyad in incident.Dyads)
            {
                await TellEffect(session, dyad, incident, cancel);
            }
        }
        catch (CommandException e)
        {
            session.Screen.Say($"It is on record, but what it did could not be read: {e.Message}");
        }

        foreach (var other in incident.Suggestions ?? [])
        {
            session.Screen.Say($"Warning: it may be the same as {other.Id} ({other.Occurred}, \"{other.Title}\"). If so: geoevents show {other.Id}");
        }
    }

    /// <summary>The same instant, known just before the incident and just after: whatever else is recorded meanwhile does not mix in.</summary>
    private static async Task TellEffect(Session session, Dyad dyad, IncidentAnswer incident, CancellationToken cancel)
    {
        var now = session.Surroundings.Clock.GetUtcNow();
        DateTimeOffset[] instants = now - incident.Tau > Recent ? [incident.Tau, now] : [now];
        foreach (var at in instants)
        {
            var before = await Read(session, dyad, at, incident.Position - 1, cancel);
            var after = await Read(session, dyad, at, incident.Position, cancel);
            session.Screen.Line(LogText.Effect(before, after, at == now ? "now" : Words.Instant(at)));
        }
    }

    private static async Task<RelationshipView> Read(Session session, Dyad dyad, DateTimeOffset valid, long known, CancellationToken cancel) =>
        (await session.Service.Get($"relationships/{dyad}", cancel, ("validAsOf", Words.Exact(valid)), ("knownAsOf", $"{known}"))).Read<RelationshipView>();

    private static string Types()
    {
        var method = Methods.Shipped;
        var lines = method.Types.GroupBy(t => (t.Rung, Friendly: t.Weight > 0)).OrderBy(g => g.Key.Friendly).ThenBy(g => g.Key.Rung)
            .Select(g => $"  {(g.Key.Friendly ? "cooperation" : $"{g.Key.Rung} {method.Rungs[g.Key.Rung].Name}"),-27}{Wrapped([.. g.Select(t => t.Type)], 29)}");
        return $"Types, by the rung they stand on (method {method.Id}):\n{string.Join('\n', lines)}";
    }

    /// <summary>Words in lines of about a hundred characters, all but the first indented.</summary>
    private static string Wrapped(string[] words, int indent)
    {
        var (text, line) = (new StringBuilder(), indent);
        foreach (var (word, i) in words.Select((w, i) => (w, i)))
        {
            if (line + word.Length > 100 && i > 0)
            {
                text.Length--;
                text.Append('\n').Append(' ', indent);
                line = indent;
            }

            text.Append(word).Append(i < words.Length - 1 ? ", " : "");
            line += word.Length + 2;
        }

        return text.ToString();
    }
}
