namespace GeoEvents.Relationships;

/// <summary>What an incident's share of tension is explained by besides its links: the issues it carries and the sources that report it.</summary>
/// <remarks>Incidents with the same share one, since there are millions of them in memory.</remarks>
public sealed record Labels(IReadOnlyList<string> Issues, IReadOnlyList<string> Sources)
{
    public static readonly Labels None = new([], []);
}
