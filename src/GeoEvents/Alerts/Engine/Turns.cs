using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>A hostile act that may answer another, of the other side.</summary>
/// <param name="Link">Number of the link in its incident.</param>
/// <param name="Answers">The act it answers, by its place among the turns; −1 if none within sight.</param>
/// <param name="Length">How many acts are in the chain that ends with it, 1 and up.</param>
/// <param name="Worst">The highest severity in that chain.</param>
public readonly record struct Turn(Guid Incident, short Link, DateTimeOffset Tau, bool Forward, double Severity, int Answers, int Length, double Worst);

/// <summary>Finds who answers whom in one relationship. For one thread at a time.</summary>
public sealed class Turns
{
    private const int None = -1;

    private readonly List<Turn> turns = [];

    /// <summary>The hostile acts with <paramref name="after"/> &lt; τ ≤ <paramref name="upTo"/> that the rule's filter lets pass, in order.</summary>
    /// <remarks>An act that names what it answers answers that, or nothing here if that is not among them; one that names none answers the last act of the other side before it.</remarks>
    /// <returns>Right until it is asked again.</returns>
    public IReadOnlyList<Turn> In(Moment m, DateTimeOffset after, DateTimeOffset upTo)
    {
        turns.Clear();
        var (forward, backward) = (None, None);
        foreach (var links in m.Fold.Between(after, upTo))
        {
            var before = turns.Count;
            foreach (ref readonly var link in links.AsSpan())
            {
                if (link.Hostile > 0 && m.Passes(link))
                {
                    turns.Add(TurnOf(link, link.RespondsTo != Guid.Empty ? Named(link, before) : link.Forward ? backward : forward));
                }
            }

            // Acts of one incident do not answer each other.
            for (var i = before; i < turns.Count; i++)
            {
                (forward, backward) = turns[i].Forward ? (i, backward) : (forward, i);
            }
        }

        return turns;
    }

    private Turn TurnOf(in Impulse link, int answers)
    {
        var (severity, chain) = (link.Severity, answers == None ? default : turns[answers]);
        return new Turn(link.Incident, link.Link, link.Tau, link.Forward, severity, answers, 1 + chain.Length, Math.Max(severity, chain.Worst));
    }

    private int Named(in Impulse link, int before)
    {
        for (var i = before - 1; i >= 0; i--)
        {
            if (turns[i].Incident == link.RespondsTo && turns[i].Forward != link.Forward)
            {
                return i;
            }
        }

        return None;
    }
}
