namespace GeoEvents.Coding;

/// <summary>Why a text is not an EDTF date that we support.</summary>
/// <param name="Position">Zero-based index of the offending character in the text; the length of the text where something is missing.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record EdtfError(int Position, string Message);
