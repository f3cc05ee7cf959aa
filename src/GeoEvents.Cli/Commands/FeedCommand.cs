using System.CommandLine;
using System.Text.Json;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Watching;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents feed</c>: follows addresses and folders in GDELT's pattern, and shows how far behind them the record is.</summary>
public static class FeedCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("feed", "Follow addresses and folders where files are published in GDELT's 15-minute pattern.")
        {
            Add(options),
            List(options),
            Named("show", "Where a feed stands: last seen, last taken, last error, next attempt, lag.", options, (session, feed, cancel) => session.Service.Get(feed, cancel)),
            Named("check", "Look now, and try again what failed or was given up.", options, Post("check-now")),
            Named("pause", "Stop looking until it is resumed.", options, Post("pause")),
            Named("resume", "Look again, at once, and find what was published meanwhile.", options, Post("resume")),
            Remove(options),
        };
        command.WithExamples(
        [
            ("geoevents feed add gdelt http://data.gdeltproject.org/gdeltv2/lastupdate.txt", "follow GDELT from now on"),
            ("geoevents feed add gdelt http://data.gdeltproject.org/gdeltv2/lastupdate.txt --from 2026-01-01", "and catch up from a day on"),
            ("geoevents feed list", "all feeds, with their lag"),
        ]);
        return command;
    }

    private static Command Add(GlobalOptions options)
    {
        var name = Name();
        var address = new Argument<string>("ADDRESS") { Description = "http or https address, or a folder on the machine of the service" };
        var format = new Option<string?>("--format") { Description = $"{string.Join(", ", ImportFormats.Names)}; gdelt2 if not said", HelpName = "NAME" };
        format.AcceptOnlyFromAmong([.. ImportFormats.Names]);
        var ending = new Option<string?>("--ending") { Description = $"Take files whose names end so; {FeedRules.DefaultEnding} if not said", HelpName = "TEXT" };
        var every = new Option<int?>("--every") { Description = $"Seconds from one look to the next; {FeedRules.DefaultInterval} if not said", HelpName = "SECONDS" };
        var from = new Option<string?>("--from") { Description = "How far back: a date or date-time; the newest file if not said", HelpName = "DATE" };
        var command = new Command("add", "Follow a feed, or change one: it goes on where it stands.") { name, address, format, ending, every, from };
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var draft = new FeedDraft(
                result.GetValue(address)!, result.GetValue(format), result.GetValue(ending), result.GetValue(every), Instant(result.GetValue(from)));
            return Show(session, await session.Service.Put(Path(result.GetValue(name)!), JsonSerializer.Serialize(draft, GeoJson.Options), cancel));
        });
        return command;
    }

    private static Command List(GlobalOptions options)
    {
        var command = new Command("list", "All feeds of the workspace, with their lag.");
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Get("feeds", cancel);
            if (session.Json)
            {
                session.Screen.Document(answer.Json);
            }
            else
            {
                FeedText.Print(session.Screen, answer.Read<Listed<FeedAnswer>>().Items);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(GlobalOptions options)
    {
        var name = Name();
        var command = new Command("remove", "Stop following a feed. What was imported stays on record.") { name };
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            await session.Service.Delete(Path(result.GetValue(name)!), cancel);
            if (!session.Json)
            {
                session.Screen.Line($"{result.GetValue(name)} is not followed any more.");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Named(
        string verb, string description, GlobalOptions options, Func<Session, string, CancellationToken, Task<ServiceAnswer>> ask)
    {
        var name = Name();
        var command = new Command(verb, description) { name };
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            return Show(session, await ask(session, Path(result.GetValue(name)!), cancel));
        });
        return command;
    }

    private static Func<Session, string, CancellationToken, Task<ServiceAnswer>> Post(string what) =>
        (session, feed, cancel) => session.Service.Post($"{feed}/{what}", "{}", cancel);

    private static int Show(Session session, ServiceAnswer answer)
    {
        if (session.Json)
        {
            session.Screen.Document(answer.Json);
        }
        else
        {
            FeedText.Print(session.Screen, answer.Read<FeedAnswer>());
        }

        return ExitCode.Done;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Lower-case letters, digits and hyphens" };

    private static string Path(string name) => $"feeds/{Uri.EscapeDataString(name)}";

    private static DateTimeOffset? Instant(string? text)
    {
        try
        {
            return AsOfReader.Instant(text, "--from");
        }
        catch (InvalidRequestException e)
        {
            throw CommandException.Usage($"--from: {e.Message}");
        }
    }
}
