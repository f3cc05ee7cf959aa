using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GeoEvents.Alerts.Backtests;
using GeoEvents.Alerts.Rules;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents rule test</c>: what a rule would have done.</summary>
public static class RuleTestCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var rule = new Argument<string>("FILE") { Description = "A rule as JSON, - for standard input, or the id of one on record" };
        var clock = new Option<string>("--clock")
        {
            Description = "When facts come: known, as they were recorded; reported, as sources first told of them; occurred, as they happened. "
                + "occurred if not said, because a case that was loaded was recorded all at once",
            DefaultValueFactory = _ => "occurred",
            HelpName = "CLOCK",
        };
        clock.AcceptOnlyFromAmong("known", "reported", "occurred");
        var from = new Option<string?>("--from") { Description = "Where to begin: a date or date-time, UTC; a year before the end if not said", HelpName = "DATE" };
        var to = new Option<string?>("--to") { Description = "Where to end; now if not said", HelpName = "DATE" };
        var labels = new Option<FileInfo?>("--labels") { Description = "Episodes that ought to be found: CSV with the columns dyad, from, to, name", HelpName = "CSV" };
        var lead = new Option<double?>("--lead-hours") { Description = "How early before an episode an alert counts for it; 168 if not said", HelpName = "HOURS" };
        var compare = new Option<int?>("--compare-with") { Description = "Version of the rule on record to compare with; the one that watches if not said", HelpName = "VERSION" };
        var command = new Command("test", "Run a rule over the past, by the engine that runs it live.") { rule, clock, from, to, labels, lead, compare };
        command.WithExamples(
        [
            ("geoevents rule test crisis.json", "the last year, as it happened"),
            ("geoevents rule test crisis.json --from 2024-12-01 --to 2025-12-31 --labels crises.csv", "with hits, misses and lead times"),
            ("geoevents rule test crisis --clock known --json", "a rule on record, as it would have fired, for a program"),
        ],
        "Exit code 0 if it ran, whatever it found; 7 if its worst week is over the rule's budget. Ctrl+C cancels it.");
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var draft = Draft(result.GetValue(rule)!, surroundings) with
            {
                Clock = Enum.Parse<BacktestClock>(result.GetValue(clock)!, ignoreCase: true),
                From = Time(result.GetValue(from), "--from"),
                To = Time(result.GetValue(to), "--to"),
                Labels = result.GetValue(labels) is { } csv ? Text(csv.FullName) : null,
                LeadHours = result.GetValue(lead) ?? new BacktestDraft().LeadHours,
                CompareWith = result.GetValue(compare),
            };
            var answer = await Run(session, draft, cancel);
            var backtest = answer.Read<BacktestView>();
            if (backtest.State != BacktestState.Done)
            {
                throw new CommandException(ExitCode.Refused, $"The backtest was not completed: {backtest.Reason ?? backtest.State.ToString()}");
            }

            if (session.Json)
            {
                session.Screen.Document(answer.Json);
            }
            else
            {
                new BacktestText(session.Screen).Print(backtest.Result!);
            }

            return backtest.Result!.OverBudget == true ? ExitCode.OverBudget : ExitCode.Done;
        });
        return command;
    }

    private static async Task<ServiceAnswer> Run(Session session, BacktestDraft draft, CancellationToken cancel)
    {
        var answer = await Ask(session, draft, cancel);
        var id = answer.Read<BacktestView>().Id;
        try
        {
            while (answer.Read<BacktestView>().State is BacktestState.Queued or BacktestState.Running)
            {
                await session.Surroundings.Wait(BetweenLooks, cancel);
                answer = await session.Service.Get($"backtests/{id}", cancel);
            }

            return answer;
        }
        catch (OperationCanceledException)
        {
            await session.Service.Ask($"backtests/{id}/cancellation", CancellationToken.None);
            throw new CommandException(ExitCode.Interrupted, "The backtest was cancelled.");
        }
    }

    private static async Task<ServiceAnswer> Ask(Session session, BacktestDraft draft, CancellationToken cancel)
    {
        try
        {
            return await session.Service.Post("backtests", JsonSerializer.Serialize(draft, Reading.Options), cancel);
        }
        catch (RefusedByServiceException e) when (draft.Rule is not null && Problem.Read(e.Document) is { } problem)
        {
            // The rule is a part of what was sent, and all of the file.
            throw new RefusedByServiceException(e.Status, problem.Within("/rule"), e.Document);
        }
    }

    /// <summary>Of a file, or of what is on record under that id.</summary>
    private static BacktestDraft Draft(string rule, Surroundings surroundings)
    {
        if (rule != "-" && !File.Exists(rule))
        {
            return rule.Contains('.', StringComparison.Ordinal) || rule.Contains('/', StringComparison.Ordinal)
                ? throw new CommandException(ExitCode.WrongUsage, $"There is no file '{rule}'.")
                : new BacktestDraft { RuleId = rule };
        }

        try
        {
            using var input = rule == "-" ? surroundings.Input() : File.OpenRead(rule);
            return new BacktestDraft { Rule = JsonSerializer.Deserialize<AlertRule>(input, Reading.Options) };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new CommandException(ExitCode.WrongUsage, $"{rule} is no rule: {e.Message}");
        }
    }

    private static string Text(string path) => File.Exists(path) ? File.ReadAllText(path) : throw new CommandException(ExitCode.WrongUsage, $"There is no file '{path}'.");

    private static DateTimeOffset? Time(string? text, string option) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw CommandException.Usage($"{option} '{text}' is no date or date-time, such as 2025-06-30.");
}
