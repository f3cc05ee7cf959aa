using System.Text.RegularExpressions;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Alerts.Rules;

/// <summary>Which rules can be put on record, each fault named by JSON pointer into the rule.</summary>
public static partial class RuleRules
{
    public const int MostConditions = 32;
    public const int DeepestNesting = 8;

    /// <summary>Of dyads, actors or types.</summary>
    public const int MostNames = 200;

    private const int LongestTitle = 200;
    private const int LongestDescription = 5_000;
    private const string First = "first";

    /// <summary>Taken by an address.</summary>
    private const string ReadyMade = "ready-made";

    private const double HoursOfAYear = 8_760;
    private const string IdRule = "An id has 1 to 64 lower-case letters, digits or hyphens, and begins and ends with a letter or digit.";

    public static bool IsId(string id) => Id().IsMatch(id);

    /// <summary>What can be seen of the rule alone.</summary>
    public static IEnumerable<FieldProblem> Check(AlertRule rule) =>
        CheckTexts(rule).Concat(CheckScope(rule.Scope)).Concat(CheckFilter(rule)).Concat(CheckTimes(rule)).Concat(CheckRaises(rule)).Concat(CheckConditions(rule));

    /// <summary>Actors in the scope that are not on record.</summary>
    public static IEnumerable<FieldProblem> Unknown(RuleScope scope, RecordView record) =>
        from named in ActorsOf(scope)
        where record.FindActor(named.Code) is null
        select FieldProblem.At(named.Pointer, "unknown-actor", $"There is no actor '{named.Code}'. Register it first.");

    /// <summary>The streams of the actors that a scope names, as far as they are no states, which need no registration.</summary>
    public static IEnumerable<StreamKey> Named(RuleScope scope) => ActorsOf(scope).Where(a => States.Find(a.Code) is null).Select(a => StreamKey.Actor(a.Code)).Distinct();

    private static IEnumerable<(ActorCode Code, string Pointer)> ActorsOf(RuleScope scope) =>
        scope.Dyads.SelectMany((dyad, i) => new[] { (dyad.First, $"/scope/dyads/{i}"), (dyad.Second, $"/scope/dyads/{i}") })
            .Concat(scope.Actors.Select((actor, i) => (actor, $"/scope/actors/{i}")));

    private static IEnumerable<FieldProblem> CheckTexts(AlertRule rule)
    {
        if (!IsId(rule.Id))
        {
            yield return FieldProblem.At("/id", rule.Id.Length == 0 ? "required" : "malformed", IdRule);
        }
        else if (rule.Id == ReadyMade)
        {
            yield return FieldProblem.At("/id", "malformed", $"GET …/rules/{ReadyMade} lists the rules that ship with the service. Choose another id.");
        }

        if (TextRules.Fault(rule.Title, LongestTitle, required: true, multiline: false) is { } title)
        {
            yield return FieldProblem.At("/title", title.Code, title.Detail);
        }

        if (TextRules.Fault(rule.Description, LongestDescription, required: false, multiline: true) is { } description)
        {
            yield return FieldProblem.At("/description", description.Code, description.Detail);
        }
    }

    private static IEnumerable<FieldProblem> CheckScope(RuleScope scope)
    {
        var named = scope.Dyads.Count + scope.Actors.Count;
        if (scope.All ? named > 0 : named == 0)
        {
            yield return FieldProblem.At(
                "/scope", scope.All ? "contradiction" : "required",
                scope.All ? "A rule watches all relationships, or those that it names." : "A rule watches something: dyads, actors, or all.");
        }

        foreach (var problem in Names("/scope/dyads", scope.Dyads).Concat(Names("/scope/actors", scope.Actors)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<FieldProblem> CheckFilter(AlertRule rule)
    {
        if (rule.Filter is not { } filter)
        {
            return [];
        }

        var unknown = filter.Types.Index().Where(t => Methods.Shipped.FindType(t.Item) is null)
            .Select(t => FieldProblem.At($"/filter/types/{t.Index}", "unknown-type", $"The ladder has no type '{t.Item}'. GET …/types lists them."));
        var never = filter.Changes.Index().Where(c => c.Item is ChangeClass.Backfill or ChangeClass.Method)
            .Select(c => FieldProblem.At($"/filter/changes/{c.Index}", "contradiction", "A fact of class backfill or method never opens an episode."));
        var withdrawn = filter.Changes.Index().Where(c => c.Item is ChangeClass.Retraction && !PlacedCondition.AllOf(rule).Any(p => p.Condition is RevisionCondition))
            .Select(c => FieldProblem.At($"/filter/changes/{c.Index}", "contradiction", "A retraction opens an episode only of a rule with a condition of kind revision."));
        return
        [
            .. Names("/filter/types", filter.Types),
            .. unknown,
            .. ConditionRules.Within("/filter/minCredibility", filter.MinCredibility ?? 0, 0, 1),
            .. ConditionRules.Within("/filter/minAttribution", filter.MinAttribution ?? 0, 0, 1),
            .. Names("/filter/changes", filter.Changes),
            .. never,
            .. withdrawn,
        ];
    }

    private static IEnumerable<FieldProblem> CheckTimes(AlertRule rule) =>
    [
        .. ConditionRules.Hours("/holdHours", rule.HoldHours, HoursOfAYear),
        .. ConditionRules.Hours("/keepFiringHours", rule.KeepFiringHours ?? 0, HoursOfAYear),
        .. ConditionRules.Hours("/cooldownHours", rule.CooldownHours, HoursOfAYear),
        .. ConditionRules.Hours("/maxAgeHours", rule.MaxAgeHours, 720),
        .. rule.Budget switch
        {
            null => [],
            { AlertsPerWeek: 0 } => [FieldProblem.At("/budget/alertsPerWeek", "required", "Say how many alerts a week it is meant to send at most: 1 or more.")],
            { AlertsPerWeek: var number } => ConditionRules.Within("/budget/alertsPerWeek", number, 1, double.MaxValue),
        },
    ];

    private static IEnumerable<FieldProblem> CheckRaises(AlertRule rule)
    {
        var (reached, by) = (rule.Severity, "the rule's severity");
        for (var i = 0; i < rule.Raises.Count; i++)
        {
            var raise = rule.Raises[i];
            if (raise.To <= reached)
            {
                yield return FieldProblem.At($"/raises/{i}/to", "contradiction", $"Each raise goes higher than {by}, {KebabCaseEnumConverter.NameOf(reached)}.");
            }

            if (raise.When is null)
            {
                yield return FieldProblem.At($"/raises/{i}/when", "required", "Say under which condition the severity is raised.");
            }

            (reached, by) = (raise.To, "the one before");
        }
    }

    private static IEnumerable<FieldProblem> CheckConditions(AlertRule rule)
    {
        if (rule.When is null)
        {
            yield return FieldProblem.At("/when", "required", "Say under which condition the rule fires.");
        }

        var all = PlacedCondition.AllOf(rule);
        if (all.Count > MostConditions)
        {
            yield return FieldProblem.At(all[MostConditions].Pointer, "too-many", $"A rule has at most {MostConditions} conditions, raises included; this one has {all.Count}.");
        }

        if (all.FirstOrDefault(c => c.Depth > DeepestNesting) is { } deep)
        {
            yield return FieldProblem.At(deep.Pointer, "too-deep", $"Conditions are nested at most {DeepestNesting} deep.");
        }

        var watchesNamed = rule.Scope is { All: false, Actors: [], Dyads.Count: > 0 };
        foreach (var placed in all)
        {
            foreach (var problem in ConditionRules.Check(placed.Pointer, placed.Condition))
            {
                yield return problem;
            }

            if (placed.Condition is SilenceCondition && !watchesNamed)
            {
                yield return FieldProblem.At(placed.Pointer, "contradiction", "Silence is watched on relationships that the scope names one by one, as dyads.");
            }

            if (IsMomentary(placed.Condition) && MadeOf(placed).Any(u => u.Whole.Condition is NotCondition))
            {
                yield return FieldProblem.At(
                    placed.Pointer, "momentary", "It holds at the instant of a fact only, so that its opposite would hold nearly always. Under not, name a condition that lasts.");
            }

            if (rule.HoldHours > 0 && IsMomentary(placed.Condition) && placed.Pointer.StartsWith("/when", StringComparison.Ordinal) && !placed.Under.Any(u => u.Part == First))
            {
                yield return FieldProblem.At("/holdHours", "momentary", $"The condition at {placed.Pointer} holds at the instant of a fact only, and never for hours. Leave holdHours out.");
            }
        }
    }

    /// <summary>What a condition is a part of, innermost first, up to a sequence that it begins: that remembers when it began to hold.</summary>
    private static IEnumerable<(PlacedCondition Whole, string Part)> MadeOf(PlacedCondition placed) => placed.Under.Reverse().TakeWhile(u => u.Part != First);

    /// <summary>Whether it is of a moment by itself, rather than by its parts.</summary>
    private static bool IsMomentary(Condition condition) => condition is not (AndCondition or OrCondition or NotCondition or ThenCondition) && condition.IsOfAMoment;

    private static IEnumerable<FieldProblem> Names<T>(string at, IReadOnlyList<T> names) =>
    [
        .. names.Count > MostNames ? [FieldProblem.At(at, "too-many", $"At most {MostNames}.")] : Array.Empty<FieldProblem>(),
        .. names.Index().Where(n => names.Take(n.Index).Contains(n.Item)).Select(n => FieldProblem.At($"{at}/{n.Index}", "repeated", "It is given twice.")),
    ];

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\\z")]
    private static partial Regex Id();
}
