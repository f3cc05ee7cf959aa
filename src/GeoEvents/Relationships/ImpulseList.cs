using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GeoEvents.Relationships;

/// <summary>Impulses of one dyad in order of τ, incident and link: some of an array that others use as well.</summary>
/// <param name="all">In that order; not changed any more.</param>
/// <param name="chosen">Indices, ascending; null for the first <paramref name="count"/>.</param>
public sealed class ImpulseList(Impulse[] all, int[]? chosen, int count) : IReadOnlyList<Impulse>
{
    public int Count => count;

    public ref readonly Impulse this[int index] => ref all[chosen is null ? index : chosen[index]];

    Impulse IReadOnlyList<Impulse>.this[int index] => this[index];

    /// <summary>Impulses in any order.</summary>
    public static ImpulseList Of(IEnumerable<Impulse> impulses)
    {
        Impulse[] ordered = [.. impulses.OrderBy(i => i.Tau).ThenBy(i => i.Incident).ThenBy(i => i.Link)];
        return new ImpulseList(ordered, null, ordered.Length);
    }

    /// <summary>How many have τ ≤ <paramref name="t"/>.</summary>
    public int CountUntil(DateTimeOffset t)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = this[middle].Tau <= t ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Some that follow each other.</summary>
    public ImmutableArray<Impulse> Slice(int from, int length)
    {
        var slice = new Impulse[length];
        for (var i = 0; i < length; i++)
        {
            slice[i] = this[from + i];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(slice);
    }

    public IEnumerator<Impulse> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
