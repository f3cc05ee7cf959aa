using GeoEvents.Incidents;

namespace GeoEvents.Imports.Formats;

/// <summary>Titles of incidents that no person wrote.</summary>
internal static class Titles
{
    /// <summary>Who, to whom, what; cut to what a title can have.</summary>
    public static string Of(string actor, string recipient, string act)
    {
        var title = $"{actor} → {recipient}: {act}";
        return title.Length <= IncidentRules.LongestTitle ? title : Cut(title, IncidentRules.LongestTitle);
    }

    /// <summary>A name without what a title cannot hold.</summary>
    public static string Name(string text) => text.Any(char.IsControl) ? new([.. text.Where(c => !char.IsControl(c))]) : text;

    /// <summary>The text, or as much of its beginning as fits; never half a character.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
}
