using System.Collections.Immutable;

namespace GeoEvents.Coding;

/// <summary>Reads a whole expression: a date, an interval, or one of a set. One pass, no backtracking.</summary>
/// <remarks>Source: ISO 8601-2:2019, as profiled by the Library of Congress EDTF specification of 4 February 2019.</remarks>
internal static class EdtfParser
{
    /// <returns>The stretches of time the expression lists; one unless it is a set. Meaningless if there is an error.</returns>
    public static ImmutableArray<EdtfRange> Parse(string? text, out EdtfError? error)
    {
        if (text is not { Length: <= Edtf.MostCharacters })
        {
            error = text is null
                ? new EdtfError(0, "A date is expected here.")
                : new EdtfError(Edtf.MostCharacters, $"A date has at most {Edtf.MostCharacters} characters.");
            return [];
        }

        var cursor = new EdtfCursor(text);
        var ranges = cursor.Current switch
        {
            '{' => cursor.Fail<ImmutableArray<EdtfRange>>("All of a set (Level 2) is not supported; log an incident for each date."),
            '[' => ReadSet(cursor),
            _ => ReadInterval(cursor),
        };

        if (!cursor.AtEnd)
        {
            _ = cursor.Fail<bool>("The date should end here.");
        }

        error = cursor.Error;
        return ranges;
    }

    /// <summary>Reads <c>A</c> or <c>A/B</c>, where either end of the interval may be <c>..</c> (open) or empty (unknown).</summary>
    private static ImmutableArray<EdtfRange> ReadInterval(EdtfCursor cursor)
    {
        var open = cursor.TakeDots();
        var from = open || cursor.Current == '/' ? null : EdtfPointReader.Read(cursor);
        if (cursor.Error is not null)
        {
            return [];
        }

        if (!cursor.Take('/'))
        {
            return open
                ? cursor.Fail<ImmutableArray<EdtfRange>>("An interval with an open start goes on with a slash.")
                : [new EdtfRange(from, from)];
        }

        return cursor.AtEnd || cursor.TakeDots() ? [new EdtfRange(from, null)] : [ReadEnd(cursor, from, EdtfPointReader.Read)];
    }

    /// <summary>Reads <c>[A,B..C,…]</c>, where <c>..</c> may also stand before the first and after the last date.</summary>
    private static ImmutableArray<EdtfRange> ReadSet(EdtfCursor cursor)
    {
        var ranges = ImmutableArray.CreateBuilder<EdtfRange>();
        cursor.Take('[');
        var earlier = cursor.TakeDots();
        var later = false;
        do
        {
            var from = ReadMember(cursor);
            later = cursor.TakeDots();
            var lasts = later && cursor.Current == ']';
            ranges.Add(later && !lasts ? ReadEnd(cursor, from, ReadMember) : new EdtfRange(from, lasts ? null : from));
            later = lasts;
        }
        while (cursor.Error is null && !later && cursor.Take(','));

        if (!cursor.Take(']'))
        {
            _ = cursor.Fail<bool>("A comma and another date, or the closing bracket, is expected here.");
        }

        if (earlier)
        {
            ranges.Add(new EdtfRange(null, ranges[0].From));
        }

        return ranges.ToImmutable();
    }

    private static EdtfPoint? ReadMember(EdtfCursor cursor)
    {
        var at = cursor.Position;
        return EdtfPointReader.Read(cursor) is { IsTimeOfDay: false } date
            ? date
            : cursor.Fail<EdtfPoint>("A set lists dates without a time of day.", at);
    }

    private static EdtfRange ReadEnd(EdtfCursor cursor, EdtfPoint? from, Func<EdtfCursor, EdtfPoint?> read)
    {
        var at = cursor.Position;
        var to = read(cursor);
        if (from is not null && to is not null && to.EndsBefore(from))
        {
            _ = cursor.Fail<bool>("The end lies before the start.", at);
        }

        return new EdtfRange(from, to);
    }
}
