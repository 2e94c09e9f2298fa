using Field.Ingest.Import;

namespace Field.Ingest.Residents;

/// <summary>Where households come from: files, or the generator of synthetic ones.</summary>
internal interface IResidentSource
{
    /// <summary>Why there is nothing to read.</summary>
    List<ImportNote> Faults { get; }

    /// <summary>What a person should know; complete after the last household.</summary>
    List<ImportNote> Notes { get; }

    /// <summary>What is known of the whole; edition, counts and who are the desk's.</summary>
    ResidentRegister Describe();

    /// <summary>The same for the same content and way of reading.</summary>
    byte[] Fingerprint();

    /// <summary>The households, numbered from 1 without a gap.</summary>
    /// <exception cref="FieldException">A file cannot be read.</exception>
    IEnumerable<Household> Read(CancellationToken cancellationToken);
}
