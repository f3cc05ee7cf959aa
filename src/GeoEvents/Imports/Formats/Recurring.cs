using System.Buffers.Binary;
using System.Numerics;

namespace GeoEvents.Imports.Formats;

/// <summary>
/// What bytes mean, worked out once and remembered while there is room: the rows of a feed say the same names, places, codes and days again and again.
/// </summary>
/// <param name="read">Works it out. Must depend on the bytes alone.</param>
/// <param name="room">How many meanings are kept, a power of two; a newer one takes the place of an older.</param>
internal sealed class Recurring<T>(Func<ReadOnlySpan<byte>, T> read, int room = 1 << 12)
{
    private const int LongestKept = 512;

    private readonly (byte[]? Bytes, T Meaning)[] kept = new (byte[]?, T)[room];

    public T Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestKept)
        {
            return read(bytes);
        }

        ref var place = ref kept[Hash(bytes) & (uint)(room - 1)];
        if (place.Bytes is null || !bytes.SequenceEqual(place.Bytes))
        {
            place = (bytes.ToArray(), read(bytes));
        }

        return place.Meaning;
    }

    /// <summary>Of the length and both ends, where texts of one kind differ. Two texts with the same hash only take turns.</summary>
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var (first, last) = (0UL, 0UL);
        if (bytes.Length >= sizeof(ulong))
        {
            (first, last) = (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]));
        }
        else
        {
            foreach (var b in bytes)
            {
                first = (first << 8) | b;
            }
        }

        var mixed = (first ^ BitOperations.RotateLeft(last, 29) ^ (ulong)bytes.Length) * 0x9E3779B97F4A7C15;
        return (uint)(mixed >> 40);
    }
}
