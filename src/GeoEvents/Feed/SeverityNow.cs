using GeoEvents.Alerts.Rules;

namespace GeoEvents.Feed;

/// <summary>Says that an alert is of another severity than before.</summary>
public static class SeverityNow
{
    /// <param name="before">Null if it is not known; then it is said in any case.</param>
    /// <returns>As in <c>; it is a warning now</c>; empty if it is what it was.</returns>
    public static string Of(Severity now, Severity? before) => now == before ? "" : now switch
    {
        Severity.Info => "; it is information now",
        Severity.Warning => "; it is a warning now",
        _ => "; it is critical now",
    };
}
