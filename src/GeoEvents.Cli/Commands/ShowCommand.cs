using System.CommandLine;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents show</c>: the board, a relationship or an incident.</summary>
public static class ShowCommand
{
    private const string ContributionsShown = "5";

    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var what = new Argument<string?>("WHAT")
        {
            Description = "A relationship (AZE-RUS) or the id of an incident; the board of all relationships if not said",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var incident = new Option<bool>("--incident") { Description = "WHAT is the id of an incident, even if it looks like a relationship" };
        var history = new Option<bool>("--history") { Description = "Everything recorded of the incident: what, when, by whom and why" };
        var sort = new Option<string?>("--sort") { Description = "Order of the board: tension, rise or last", HelpName = "ORDER" };
        sort.AcceptOnlyFromAmong("tension", "rise", "last");
        var (point, page) = (new PointOptions(), new PageOptions());
        var command = new Command("show", "Show a relationship, an incident, or the board of all relationships.") { what, sort, history, incident };
        point.AddTo(command);
        page.AddTo(command);
        command.WithExamples(
        [
            ("geoevents show", "the board, the tensest relationship first"),
            ("geoevents show --sort rise --limit 10", "where tension rose most within seven days"),
            ("geoevents show AZE-RUS", "a relationship now"),
            ("geoevents show AZE-RUS --valid-as-of 2025-07-02", "on a day, with all that is known today"),
            ("geoevents show AZE-RUS --valid-as-of 2025-07-02 --known-as-of 2025-07-02", "as it looked then"),
            ("geoevents show yekaterinburg-raid --history", "an incident, and how its record came about"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var given = result.GetValue(what);
            Dyad? dyad = given is not null && !result.GetValue(incident) && Dyad.TryParse(given, out var parsed) ? parsed : null;
            Refuse(given is null && result.GetValue(incident), "--incident needs the id of an incident.");
            Refuse((given is null || dyad is not null) && result.GetValue(history), "--history is of an incident; name one by its id.");
            Refuse(given is not null && result.GetValue(sort) is not null, "--sort is for the board, that is, for show without a name.");
            Refuse(given is not null && page.Query(result).Any(q => q.Item2 is not null), "--limit and --after are for the board, that is, for show without a name.");
            var shown = (given, dyad) switch
            {
                (null, _) => Board(session, [.. point.Query(result), .. page.Query(result), ("sort", result.GetValue(sort))], cancel),
                (_, { } pair) => Relationship(session, pair, point.Query(result), cancel),
                _ => Incident(session, given, result.GetValue(history), point.Query(result), cancel),
            };
            await shown;
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task Board(Session session, (string, string?)[] query, CancellationToken cancel)
    {
        var answer = await session.Service.Get("relationships", cancel, query);
        if (session.Json)
        {
            session.Screen.Document(answer.Json);
            return;
        }

        var page = answer.Read<Page<BoardLine>>();
        if (page.Items.Count == 0)
        {
            session.Screen.Line($"Workspace {session.Connection.Workspace} has no relationships on record yet. Log an incident, or load the sample: geoevents sample south-caucasus");
            return;
        }

        BoardText.Print(session.Screen, page);
    }

    private static async Task Relationship(Session session, Dyad dyad, (string, string?)[] query, CancellationToken cancel)
    {
        var answer = await session.Service.Get($"relationships/{dyad}", cancel, query);
        if (session.Json)
        {
            session.Screen.Document(answer.Json);
            return;
        }

        // What follows is read at the very point of what came first.
        var view = answer.Read<RelationshipView>();
        (string, string?)[] pinned = [("validAsOf", Words.Exact(view.ValidAsOf)), ("knownAsOf", $"{view.KnownAsOf.Position}"), ("method", view.Method)];
        var contributions = (await session.Service.Get($"relationships/{dyad}/contributions", cancel, [.. pinned, ("limit", ContributionsShown)])).Read<ContributionsView>();
        var holder = view.Posture.HeldBy is { } id
            ? (await session.Service.Get($"incidents/{Uri.EscapeDataString(id)}", cancel, ("knownAsOf", $"{view.KnownAsOf.Position}"))).Read<IncidentAnswer>()
            : null;
        RelationshipText.Print(session.Screen, view, contributions, holder);
    }

    private static async Task Incident(Session session, string id, bool history, (string, string?)[] query, CancellationToken cancel)
    {
        var path = $"incidents/{Uri.EscapeDataString(id)}";
        ServiceAnswer answer;
        try
        {
            answer = await session.Service.Get(history && session.Json ? $"{path}/history" : path, cancel, query);
        }
        catch (RefusedByServiceException e) when (e.ExitCode == ExitCode.NotFound && !session.Json && Dyad.TryParse(id.ToUpperInvariant(), out var dyad))
        {
            throw new CommandException(e.ExitCode, $"{e.Message}\nFor the relationship: geoevents show {dyad}");
        }

        if (session.Json)
        {
            session.Screen.Document(answer.Json);
            return;
        }

        IncidentText.Print(session.Screen, answer.Read<IncidentAnswer>());
        if (history)
        {
            var entries = (await session.Service.Get($"{path}/history", cancel, query)).Read<IncidentHistory>();
            IncidentText.Print(session.Screen, entries);
        }
    }

    private static void Refuse(bool wrong, string message)
    {
        if (wrong)
        {
            throw CommandException.Usage(message);
        }
    }
}
