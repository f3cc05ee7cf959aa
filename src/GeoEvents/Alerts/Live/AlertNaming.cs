using GeoEvents.Recording;

namespace GeoEvents.Alerts.Live;

/// <summary>Adds to what the engine decided what it does not know: the ids of incidents, and silences.</summary>
public static class AlertNaming
{
    /// <summary>The kinds of facts that the engine decides.</summary>
    public static readonly Type[] Decided = [.. FactTypes.ByName.Values.Where(t => t.IsAssignableTo(typeof(IAlertDecision)))];

    /// <summary>Tells one of them from all others of its workspace.</summary>
    public static (string Kind, string Alert, DateTimeOffset At) KeyOf(AlertEvent e) => (e.GetType().Name, e.Alert, At(e));

    /// <summary>When it counts.</summary>
    public static DateTimeOffset At(AlertEvent e) => ((IAlertDecision)e).At;

    /// <summary>Streams of the incidents that it names.</summary>
    public static IEnumerable<Guid> Streams(AlertEvent e) => e switch
    {
        AlertFired f => f.Receipt.Causes.Select(c => c.Stream),
        AlertSeverityRaised r => r.Receipt.Causes.Select(c => c.Stream),
        AlertRecalled r => [r.Stream],
        AlertAmended a => [a.Stream],
        _ => [],
    };

    public static AlertEvent Named(AlertEvent e, IReadOnlyDictionary<Guid, string> ids, WorkspaceRules rules) => e switch
    {
        AlertFired f => f with { Receipt = Named(f.Receipt, ids), Silence = rules.SilenceOf(f.Rule, f.Dyad, f.At) },
        AlertSeverityRaised r => r with { Receipt = Named(r.Receipt, ids), Silence = rules.SilenceOf(r.Rule, r.Dyad, r.At) },
        AlertResolved r => r with { Silence = rules.SilenceOf(r.Rule, r.Dyad, r.At) },
        AlertRecalled r => r with { Incident = ids.GetValueOrDefault(r.Stream, "") },
        AlertAmended a => a with { Incident = ids.GetValueOrDefault(a.Stream, "") },
        _ => e,
    };

    public static Receipt Named(Receipt receipt, IReadOnlyDictionary<Guid, string> ids) =>
        receipt with { Causes = [.. receipt.Causes.Select(c => c with { Incident = ids.GetValueOrDefault(c.Stream, "") })] };
}
