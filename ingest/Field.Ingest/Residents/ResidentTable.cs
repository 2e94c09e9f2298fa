using Field.Gdal;
using Field.Ingest.Import;
using Field.Ingest.Layers;

namespace Field.Ingest.Residents;

/// <summary>One file of residents: which of its columns holds what.</summary>
internal sealed class ResidentTable : IDisposable
{
    private readonly ILayerRows _rows;
    private readonly Dictionary<ResidentColumn, int> _at = [];

    /// <param name="path">The file.</param>
    /// <param name="layer">Its layer, or null.</param>
    /// <param name="encoding">Its encoding, or null.</param>
    /// <param name="columns">Names that a person has chosen.</param>
    /// <param name="isPlace">True when its rows have places.</param>
    /// <param name="faults">Takes what is wrong.</param>
    /// <exception cref="GdalException">It cannot be read.</exception>
    public ResidentTable(string path, string? layer, string? encoding, IReadOnlyDictionary<ResidentColumn, string> columns, bool isPlace, List<ImportNote> faults)
    {
        Name = System.IO.Path.GetFileName(path);
        string? Place(ResidentColumn column) => isPlace ? columns.GetValueOrDefault(column) : null;
        _rows = LayerRows.Open(new LayerImportOptions { Path = path, Layer = layer, Encoding = encoding, EastColumn = Place(ResidentColumn.East), NorthColumn = Place(ResidentColumn.North) });
        Find(columns, isPlace, faults);
    }

    public string Name { get; }

    public VectorLayer Layer => _rows.Layer;

    public IReadOnlyList<string> Warnings => _rows.Warnings;

    public string There => string.Join(", ", Layer.Fields.Take(40).Select(f => f.Name));

    public bool Has(ResidentColumn column) => _at.ContainsKey(column);

    public object? Value(VectorFeature row, ResidentColumn column) => _at.TryGetValue(column, out int at) ? row.Values[at] : null;

    public VectorFeature? Read() => _rows.Read();

    public void Dispose() => _rows.Dispose();

    /// <summary>A name that a person gave counts where the file has it; in the other file of the two the usual names do.</summary>
    private void Find(IReadOnlyDictionary<ResidentColumn, string> columns, bool isPlace, List<ImportNote> faults)
    {
        string[] names = [.. Layer.Fields.Select(f => f.Name)];
        foreach (ResidentColumn column in Enum.GetValues<ResidentColumn>().Where(c => c != ResidentColumn.Other && (isPlace || c is not (ResidentColumn.East or ResidentColumn.North))))
        {
            if (columns.TryGetValue(column, out string? told) && Array.IndexOf(names, told) is >= 0 and var at)
            {
                _at[column] = at;
                continue;
            }

            int[] usual = [.. Enumerable.Range(0, names.Length).Where(i => ResidentColumnNames.Of(names[i]) == column)];
            if (usual.Length > 1)
            {
                faults.Add(new ImportNote(0, null, ResidentFault.SameTwice(Name, string.Join(", ", usual.Select(i => names[i])))));
            }
            else if (usual.Length == 1)
            {
                _at[column] = usual[0];
            }
        }
    }
}
