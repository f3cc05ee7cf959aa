using System.Globalization;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.Alerts;

/// <summary>Which alerts a list is of.</summary>
public sealed class AlertQuery
{
    /// <summary><c>firing</c>, <c>resolved</c> or <c>recalled</c> at V, as known at K.</summary>
    public string? State { get; init; }

    /// <summary><c>info</c>, <c>warning</c> or <c>critical</c>, and whatever is worse.</summary>
    public string? Severity { get; init; }

    public string? Dyad { get; init; }

    /// <summary>One side of the dyad.</summary>
    public string? Actor { get; init; }

    /// <summary>Id of a rule.</summary>
    public string? Rule { get; init; }

    public string? Assignee { get; init; }

    /// <summary>Whether somebody has seen it.</summary>
    public string? Acknowledged { get; init; }

    /// <summary>Whether a silence kept it from going out.</summary>
    public string? Silenced { get; init; }

    /// <summary>Fired then or later.</summary>
    public string? From { get; init; }

    /// <summary>Fired before then.</summary>
    public string? To { get; init; }

    /// <summary>
    /// The rows of <c>geo.alert</c> at a point, as what follows <c>from</c>: <c>a</c> for what people did, as known at K, and <c>e</c> for the state and severity that the
    /// engine had given it by V.
    /// </summary>
    /// <exception cref="InvalidRequestException">A parameter cannot be read.</exception>
    public string Rows(string workspace, AsOf asOf, NpgsqlParameterCollection parameters)
    {
        var known = Given(asOf.Known.Position);
        var conditions = new List<string> { $"workspace = {Given(workspace)}", $"fired <= {known}", $"position <= {known}", $"until > {known}" };
        var decided = "(select a.state, a.severity)";
        if (!asOf.IsNow)
        {
            var valid = Given(asOf.Valid.UtcDateTime);
            conditions.Add($"fired_at <= {valid}");
            decided = $"""
                (select d.state, d.severity from geo.alert d
                 where d.workspace = a.workspace and d.alert = a.alert and d.position <= {known} and d.decided_at <= {valid} order by d.position desc limit 1)
                """;
        }

        Add("e.state = ", State is null ? null : (short)Named<AlertState>("state", State));
        Add("e.severity >= ", Severity is null ? null : (short)Named<Severity>("severity", Severity));
        Add("dyad = ", WholeLists.DyadOf(Dyad)?.ToString());
        Add("rule = ", Rule);
        Add("assignee = ", Assignee);
        Add("acknowledged = ", Flags.Read("acknowledged", Acknowledged));
        Add("silenced = ", Flags.Read("silenced", Silenced));
        Add("fired_at >= ", AsOfReader.Instant(From, "from")?.UtcDateTime);
        Add("fired_at < ", AsOfReader.Instant(To, "to")?.UtcDateTime);
        if (WholeLists.ActorOf(Actor) is { } actor)
        {
            conditions.Add($"{Given(actor.ToString())} in (one, other)");
        }

        return $"geo.alert a cross join lateral {decided} e where {string.Join(" and ", conditions)}";

        void Add(string condition, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition + Given(value));
            }
        }

        string Given(object value)
        {
            parameters.Add(new NpgsqlParameter { Value = value });
            return string.Create(CultureInfo.InvariantCulture, $"${parameters.Count}");
        }
    }

    private static T Named<T>(string parameter, string text) where T : struct, Enum => KebabCaseEnumConverter.TryParse<T>(text, out var value)
        ? value
        : throw new InvalidRequestException(FieldProblem.In(parameter, "malformed", $"Not one of: {string.Join(", ", Enum.GetValues<T>().Select(KebabCaseEnumConverter.NameOf))}."));
}
