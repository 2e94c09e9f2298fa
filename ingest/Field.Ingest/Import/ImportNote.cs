namespace Field.Ingest.Import;

/// <summary>Something about a row, in both languages.</summary>
/// <param name="Row">From 1; 0 for the file.</param>
/// <param name="Field">The attribute, or null.</param>
/// <param name="Ja">Japanese.</param>
/// <param name="En">English.</param>
public sealed record ImportNote(long Row, string? Field, string Ja, string En)
{
    internal ImportNote(long row, string? field, ImportFault fault)
        : this(row, field, fault.Ja, fault.En)
    {
    }
}
