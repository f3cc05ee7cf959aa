using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Exports;

/// <summary>An incident as an export shows it.</summary>
/// <param name="LoggedAt">When its first fact was recorded.</param>
public sealed record ExportedIncident(Incident Incident, DateTimeOffset LoggedAt)
{
    public IncidentContent Content => Incident.Content;

    /// <summary>The same, closing the measure of another incident.</summary>
    public ExportedIncident Closing(string id) => this with { Incident = Incident with { Content = Content with { Measure = Content.Measure! with { Closes = id } } } };

    public CredibilityView CredibilityBy(Method method) => CredibilityView.Of(Incident, method);

    /// <returns>Null where the method knows neither type nor code.</returns>
    public Score? ScoreBy(Method method) => Content switch
    {
        { Type: { } type } => method.FindType(type) is null ? null : method.Score(type, null),
        { Cameo: { } cameo } => method.TypeOfCameo(cameo) is null ? null : method.Score(null, cameo),
        _ => null,
    };

    /// <summary>What kind of act it is, in words: the type's label, else the name of the CAMEO code.</summary>
    public string? KindBy(Method method) => Content.Type is { } type ? method.FindType(type)?.Label : Cameo.NameOf(Content.Cameo ?? "");
}
