using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>A hostile act that may answer another, of the other side.</summary>
/// <param name="Answers">The act it answers; null if none within sight.</param>
/// <param name="Length">How many acts are in the chain that ends with it, 1 and up.</param>
/// <param name="Worst">The highest severity in that chain.</param>
public sealed record Turn(Impulse Link, Turn? Answers, int Length, double Worst);

/// <summary>Finds who answers whom.</summary>
public static class Turns
{
    /// <summary>The hostile acts with <paramref name="after"/> &lt; τ ≤ <paramref name="upTo"/> that the rule's filter lets pass, in order.</summary>
    /// <remarks>An act that names what it answers answers that, or nothing here if that is not among them; one that names none answers the last act of the other side before it.</remarks>
    public static List<Turn> In(Moment m, DateTimeOffset after, DateTimeOffset upTo)
    {
        var turns = new List<Turn>();
        var (forward, backward) = ((Turn?)null, (Turn?)null);
        foreach (var links in m.Fold.Between(after, upTo))
        {
            var before = turns.Count;
            foreach (var link in links)
            {
                if (link.Hostile > 0 && m.Passes(link))
                {
                    var other = link.Forward ? backward : forward;
                    turns.Add(Answering(link, link.RespondsTo == Guid.Empty ? other : Named(turns, link, before)));
                }
            }

            // Acts of one incident do not answer each other.
            for (var i = before; i < turns.Count; i++)
            {
                (forward, backward) = turns[i].Link.Forward ? (turns[i], backward) : (forward, turns[i]);
            }
        }

        return turns;
    }

    private static Turn Answering(in Impulse link, Turn? answered) =>
        new(link, answered, 1 + (answered?.Length ?? 0), Math.Max(link.Severity, answered?.Worst ?? 0));

    private static Turn? Named(List<Turn> turns, Impulse link, int before) =>
        turns.Take(before).LastOrDefault(t => t.Link.Incident == link.RespondsTo && t.Link.Forward != link.Forward);
}
