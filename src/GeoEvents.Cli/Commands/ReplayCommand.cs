using System.CommandLine;
using System.Globalization;
using GeoEvents.Cli.Rendering;
using GeoEvents.Coding;
using GeoEvents.Relationships;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents replay</c>: a relationship step by step, as it happened or as it came to be known.</summary>
public static class ReplayCommand
{
    public static Command Create(GlobalOptions options)
    {
        var dyad = new Argument<string>("RELATIONSHIP") { Description = "Two actors, as AZE-RUS" };
        var clock = new Option<string>("--clock")
        {
            Description = "occurred: its incidents in the order they happened, with hindsight; known: every fact in the order it was recorded. "
                + "occurred if not said, because a case that was loaded was recorded all at once",
            DefaultValueFactory = _ => "occurred",
            HelpName = "CLOCK",
        };
        clock.AcceptOnlyFromAmong("occurred", "known");
        var from = new Option<string?>("--from") { Description = "Where to begin: a date; with --clock known of recording, or a log position", HelpName = "DATE" };
        var to = new Option<string?>("--to") { Description = "Where to end, likewise", HelpName = "DATE" };
        var after = new Option<long?>("--after") { Description = "Go on after a step", HelpName = "STEP" };
        var pace = new Option<double?>("--pace")
        {
            Description = "Seconds of the record's own time in a second, so 86400 is a day a second; all at once if not said. No pause is longer than 5 s",
            HelpName = "NUMBER",
        };
        var point = new PointOptions();
        var command = new Command("replay", "Play a relationship back, step by step, with the tension before and after each.")
        {
            dyad, clock, from, to, after, pace, point.KnownAsOf, point.Method,
        };
        command.WithExamples(
        [
            ("geoevents replay AZE-RUS", "the story as it happened"),
            ("geoevents replay AZE-RUS --from 2025-06-01 --to 2025-08-01 --pace 604800", "a summer, a week a second"),
            ("geoevents replay AZE-RUS --clock known", "as its readers came to know it: corrections and retractions as well"),
            ("geoevents replay AZE-RUS --clock known --after 1234 --json", "what was recorded since, a step a line, for a program"),
        ],
        "Ctrl+C pauses, and says how to go on.");
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            if (!Dyad.TryParse(result.GetValue(dyad)!.ToUpperInvariant(), out var pair))
            {
                throw CommandException.Usage($"'{result.GetValue(dyad)}' is not two different actor codes joined by a hyphen, such as AZE-RUS.");
            }

            var text = new PlaybackText(session.Screen, pair);
            var (method, last) = (result.GetValue(point.Method), (PlaybackStep?)null);
            try
            {
                var lines = session.Service.Lines(
                    $"relationships/{pair}/replay",
                    cancel,
                    ("clock", result.GetValue(clock)),
                    ("from", result.GetValue(from)),
                    ("to", result.GetValue(to)),
                    ("after", Text(result.GetValue(after))),
                    ("pace", Text(result.GetValue(pace))),
                    ("knownAsOf", result.GetValue(point.KnownAsOf)),
                    ("method", method));
                await foreach (var line in lines)
                {
                    var ended = line.Read<PlaybackEnd>().End;
                    last = ended ? last : line.Read<PlaybackStep>();
                    if (session.Json)
                    {
                        session.Screen.Document(line.Json);
                    }
                    else if (ended)
                    {
                        text.Sum();
                    }
                    else
                    {
                        text.Print(last!);
                    }

                    if (ended)
                    {
                        return ExitCode.Done;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                throw new CommandException(ExitCode.Interrupted, last is null ? "Interrupted before the first step." : $"Paused after step {last.Step}. {GoOn(last)}");
            }
            catch (CommandException e) when (e.ExitCode == ExitCode.Unreachable && last is not null)
            {
                throw new CommandException(e.ExitCode, $"{e.Message}\n{GoOn(last)}");
            }

            throw new CommandException(ExitCode.Unreachable, $"The service ended the playback before its end.{(last is null ? "" : $"\n{GoOn(last)}")}");

            // A story is numbered as it is known, so it goes on at the same K; the log goes on wherever it has come to by then.
            string GoOn(PlaybackStep step)
            {
                var knownAsOf = result.GetValue(clock) == "occurred" ? Text(step.KnownAsOf) : result.GetValue(point.KnownAsOf);
                return $"To go on: {AgainText.Of(result, ("--after", Text(step.Step)), ("--known-as-of", knownAsOf), ("--from", null))}";
            }
        });
        return command;
    }

    private static string? Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);
}
