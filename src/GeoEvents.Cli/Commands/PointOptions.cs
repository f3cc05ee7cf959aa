using System.CommandLine;
using GeoEvents.Hosting;

namespace GeoEvents.Cli.Commands;

/// <summary>The point of a read on the three axes: when it happened, when it was known, how it is scored.</summary>
public sealed class PointOptions
{
    public Option<string?> ValidAsOf { get; } = new("--valid-as-of") { Description = "What had happened by then: a date or date-time; now if not said", HelpName = "DATE" };

    public Option<string?> KnownAsOf { get; } = new("--known-as-of") { Description = "What was on record by then: a date, date-time or log position; now if not said", HelpName = "DATE" };

    public Option<string?> Method { get; } = new("--method") { Description = "How it is scored; the current method if not said", HelpName = "ID" };

    public Option<string?> Mode { get; } = ModeOption();

    public void AddTo(Command command)
    {
        command.Add(ValidAsOf);
        command.Add(KnownAsOf);
        command.Add(Method);
        command.Add(Mode);
    }

    public (string, string?)[] Query(ParseResult result) =>
        [("validAsOf", result.GetValue(ValidAsOf)), ("knownAsOf", result.GetValue(KnownAsOf)), ("method", result.GetValue(Method)), ("mode", result.GetValue(Mode))];

    private static Option<string?> ModeOption()
    {
        var mode = new Option<string?>("--mode") { Description = "live, as-it-looked-then (both axes at one past), or hindsight (a past as known now)", HelpName = "MODE" };
        mode.AcceptOnlyFromAmong("live", "as-it-looked-then", "hindsight");
        return mode;
    }
}

/// <summary>Paging of lists.</summary>
/// <param name="unsaid">How many a page has if nobody says.</param>
public sealed class PageOptions(int unsaid = PageSize.Default)
{
    public Option<int?> Limit { get; } = new("--limit") { Description = $"How many, 1 to {PageSize.Most}; {unsaid} if not said", HelpName = "NUMBER" };

    public Option<string?> After { get; } = new("--after") { Description = "The next page, by the cursor that the page before ended with", HelpName = "CURSOR" };

    public void AddTo(Command command)
    {
        command.Add(Limit);
        command.Add(After);
    }

    public (string, string?)[] Query(ParseResult result) =>
    [
        ("limit", (result.GetValue(Limit) ?? (unsaid == PageSize.Default ? null : unsaid))?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("after", result.GetValue(After)),
    ];
}
