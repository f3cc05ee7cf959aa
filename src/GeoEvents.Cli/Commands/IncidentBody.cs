using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GeoEvents.Cli.Rendering;

namespace GeoEvents.Cli.Commands;

/// <summary>The options of <c>geoevents log</c>, and the JSON they stand for.</summary>
/// <remarks>What the service can judge is left to it, so that there is one set of rules; here only what cannot be put into JSON is refused.</remarks>
public sealed class IncidentBody
{
    public Argument<string?> Actor { get; } = new("ACTOR") { HelpName = "ACTOR", Description = "Who did it: RUS, OTS", Arity = ArgumentArity.ZeroOrOne };

    public Argument<string?> Recipient { get; } = new("RECIPIENT") { HelpName = "RECIPIENT", Description = "To whom", Arity = ArgumentArity.ZeroOrOne };

    public Argument<string?> Type { get; } = new("TYPE") { HelpName = "TYPE", Description = "What kind of incident, from the list below; left out where --cameo is given", Arity = ArgumentArity.ZeroOrOne };

    public Argument<string?> Title { get; } = new("TITLE") { Description = "What happened, in a line", Arity = ArgumentArity.ZeroOrOne };

    public Option<string?> On { get; } = Text("--on", "When: an EDTF date, as 2025-06-27T01:00:00Z, 2025-06-27, 2025-06~, 2025-06-2X; now if not said", "DATE");

    public Option<string?> Zone { get; } = Text("--zone", "Time zone of a date without offset, as Asia/Baku; UTC if not said", "ZONE");

    public Option<string?> Summary { get; } = Text("--summary", "More than a line", "TEXT");

    public Option<string?> Cameo { get; } = Text("--cameo", "CAMEO code, two to four digits, instead of a type or besides it", "CODE");

    public Option<double?> Attribution { get; } = new("--attribution") { Description = "How far the act is the actor's, 0 to 1; 1 if not said", HelpName = "SHARE" };

    public Option<string?> Deaths { get; } = Text("--deaths", "How many; a range as 5:3:9 is best, lowest, highest", "NUMBER");

    public Option<string?> Injured { get; } = Text("--injured", "As --deaths", "NUMBER");

    public Option<string?> Detained { get; } = Text("--detained", "As --deaths", "NUMBER");

    public Option<string?> Intent { get; } = Text("--intent", "deliberate, accidental or unknown", "INTENT");

    public Option<bool> Opens { get; } = new("--opens") { Description = "It opens a standing measure: a ban, a closure, a detention" };

    public Option<string?> Closes { get; } = Text("--closes", "It closes the measure that this incident opened", "ID");

    public Option<string?> RespondsTo { get; } = Text("--responds-to", "It answers this incident", "ID");

    public Option<string[]> Issue { get; } = Many("--issue", "A tag; may be repeated", "TAG");

    public Option<string?> Place { get; } = Text("--place", "NAME, or with state and degrees: Yekaterinburg,RUS,56.84,60.61", "PLACE");

    public Option<string[]> Report { get; } = Many(
        "--report", "Who says so: SOURCE, SOURCE:GRADE or SOURCE:GRADE:denies, grade 1 (confirmed) to 6 (cannot be judged); may be repeated", "REPORT");

    public Option<string[]> NewSources { get; } = Many(
        "--source-new", "Registers a source: ID:NAME:RELIABILITY[:GROUP[:AFFILIATION]], reliability A to F; may be repeated", "SOURCE");

    public Option<string[]> NewActors { get; } = Many(
        "--actor-new", "Registers an actor that is no state: CODE:NAME:KIND, kind bloc, organisation, armed-group, company, person or other; may be repeated", "ACTOR");

    public Option<string?> Id { get; } = Text("--id", "Name of the incident, by which others refer to it; made up if not said", "ID");

    public void AddTo(Command command)
    {
        Actor.CompletionSources.Add(CompletionCommand.ActorCodes);
        Recipient.CompletionSources.Add(CompletionCommand.ActorCodes);
        Type.CompletionSources.Add(CompletionCommand.Types);
        Intent.AcceptOnlyFromAmong("deliberate", "accidental", "unknown");
        foreach (var argument in new Argument[] { Actor, Recipient, Type, Title })
        {
            command.Add(argument);
        }

        foreach (var option in Options)
        {
            command.Add(option);
        }
    }

    private Option[] Options =>
    [
        On, Zone, Place, Deaths, Injured, Detained, Report, Attribution, Intent, Opens, Closes, RespondsTo, Issue, Summary, Cameo, Id, NewSources, NewActors,
    ];

    /// <summary>Whether any of it is given.</summary>
    public bool IsGiven(ParseResult result) =>
        result.GetValue(Actor) is not null || Options.Any(o => result.GetResult(o) is { Implicit: false });

    /// <param name="now">The date if none is given.</param>
    /// <exception cref="CommandException">Something is missing, or does not have its form.</exception>
    public JsonObject Read(ParseResult result, DateTimeOffset now)
    {
        var (type, title) = (result.GetValue(Type), result.GetValue(Title));
        var cameo = result.GetValue(Cameo);
        if (title is null && cameo is not null)
        {
            (type, title) = (null, type);
        }

        if (result.GetValue(Recipient) is not { } recipient || title is null)
        {
            throw CommandException.Usage(
                "An incident takes four words: geoevents log ACTOR RECIPIENT TYPE \"TITLE\"; or a JSON body with --file.\nSee 'geoevents log --help'.");
        }

        var link = new JsonObject { ["actor"] = Code(result.GetValue(Actor)!), ["recipient"] = Code(recipient) };
        Set(link, "attribution", result.GetValue(Attribution) is { } share ? JsonValue.Create(share) : null);

        var body = new JsonObject();
        Set(body, "id", result.GetValue(Id));
        Set(body, "occurred", result.GetValue(On) ?? Words.Exact(now)[..19] + "Z");
        Set(body, "zone", result.GetValue(Zone));
        Set(body, "title", title);
        Set(body, "summary", result.GetValue(Summary));
        Set(body, "type", type);
        Set(body, "cameo", cameo);
        body["links"] = new JsonArray(link);
        Set(body, "place", result.GetValue(Place) is { } place ? PlaceOf(place) : null);
        Set(body, "deaths", People(result, Deaths));
        Set(body, "injured", People(result, Injured));
        Set(body, "detained", People(result, Detained));
        Set(body, "intent", result.GetValue(Intent));
        Set(body, "measure", MeasureOf(result.GetValue(Opens), result.GetValue(Closes)));
        Set(body, "respondsTo", result.GetValue(RespondsTo));
        Set(body, "issues", ArrayOf(result.GetValue(Issue), tag => JsonValue.Create(tag)));
        Set(body, "reports", ArrayOf(result.GetValue(Report), ReportOf));
        var register = new JsonObject();
        Set(register, "actors", ArrayOf(result.GetValue(NewActors), NewActor));
        Set(register, "sources", ArrayOf(result.GetValue(NewSources), NewSource));
        Set(body, "register", register.Count > 0 ? register : null);
        return body;
    }

    /// <summary>NAME, NAME,STATE or NAME,STATE,LATITUDE,LONGITUDE, read from the right, since a name may hold commas.</summary>
    internal static JsonObject PlaceOf(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries).ToList();
        var place = new JsonObject();
        double? latitude = null, longitude = null;
        if (parts is [.., var north, var east] && parts.Count > 2 && Degrees(north) is { } n && Degrees(east) is { } e)
        {
            (latitude, longitude) = (n, e);
            parts.RemoveRange(parts.Count - 2, 2);
        }

        var country = parts.Count > 1 && parts[^1] is { Length: 3 } code && code.All(char.IsAsciiLetterUpper) ? parts[^1] : null;
        if (country is not null)
        {
            parts.RemoveAt(parts.Count - 1);
        }

        Set(place, "name", string.Join(", ", parts));
        Set(place, "country", country);
        Set(place, "latitude", latitude is { } lat ? JsonValue.Create(lat) : null);
        Set(place, "longitude", longitude is { } lon ? JsonValue.Create(lon) : null);
        return place;
    }

    /// <summary>SOURCE[:GRADE[:STANCE]]; a grade may be left empty.</summary>
    internal static JsonObject ReportOf(string text)
    {
        var parts = text.Split(':');
        if (parts.Length > 3 || parts[0].Length == 0)
        {
            throw CommandException.Usage($"--report '{text}' is not SOURCE, SOURCE:GRADE or SOURCE:GRADE:STANCE, such as wire-a:2 or mid-ru:3:denies.");
        }

        var report = new JsonObject { ["source"] = parts[0] };
        Set(report, "credibility", parts.Length > 1 && parts[1].Length > 0 ? JsonValue.Create(Whole(parts[1], "--report", text)) : null);
        Set(report, "stance", parts.Length > 2 ? parts[2] : null);
        return report;
    }

    internal static JsonObject NewSource(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is < 3 or > 5)
        {
            throw CommandException.Usage($"--source-new '{text}' is not ID:NAME:RELIABILITY[:GROUP[:AFFILIATION]], such as mid-ru:Russian Foreign Ministry:C:RUS-state:RUS.");
        }

        var source = new JsonObject { ["id"] = parts[0], ["name"] = parts[1], ["reliability"] = parts[2].ToUpperInvariant() };
        Set(source, "group", parts.Length > 3 && parts[3].Length > 0 ? parts[3] : null);
        Set(source, "affiliation", parts.Length > 4 ? Code(parts[4]) : null);
        return source;
    }

    internal static JsonObject NewActor(string text) => text.Split(':') is [var code, var name, var kind]
        ? new JsonObject { ["code"] = Code(code), ["name"] = name, ["kind"] = kind }
        : throw CommandException.Usage($"--actor-new '{text}' is not CODE:NAME:KIND, such as OTS:Organization of Turkic States:bloc.");

    /// <summary>BEST or BEST:LOW:HIGH.</summary>
    internal static JsonNode PeopleOf(string text, string option) => text.Split(':') switch
    {
        [var best] => JsonValue.Create(Whole(best, option, text)),
        [var best, var low, var high] => new JsonObject
        {
            ["best"] = Whole(best, option, text),
            ["low"] = Whole(low, option, text),
            ["high"] = Whole(high, option, text),
        },
        _ => throw CommandException.Usage($"{option} '{text}' is neither a number nor BEST:LOW:HIGH, such as 5:3:9."),
    };

    private static JsonNode? People(ParseResult result, Option<string?> option) => result.GetValue(option) is { } text ? PeopleOf(text, option.Name) : null;

    private static JsonObject? MeasureOf(bool opens, string? closes)
    {
        if (!opens && closes is null)
        {
            return null;
        }

        var measure = new JsonObject();
        Set(measure, "opens", opens ? JsonValue.Create(true) : null);
        Set(measure, "closes", closes);
        return measure;
    }

    private static long Whole(string text, string option, string whole) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw CommandException.Usage($"{option} '{whole}': '{text}' is not a whole number.");

    private static double? Degrees(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Codes are upper case; whoever types in haste need not be.</summary>
    private static string Code(string text) => text.ToUpperInvariant();

    private static JsonArray? ArrayOf(string[]? texts, Func<string, JsonNode?> read) => texts is { Length: > 0 } ? new JsonArray([.. texts.Select(read)]) : null;

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Option<string[]> Many(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName, AllowMultipleArgumentsPerToken = false, Arity = ArgumentArity.OneOrMore };
}
