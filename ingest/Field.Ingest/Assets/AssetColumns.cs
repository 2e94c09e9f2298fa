using System.Globalization;
using Field.Gdal;
using Field.Geo.Linear;
using Field.Ingest.Import;

namespace Field.Ingest.Assets;

/// <summary>Which attributes of a layer hold what, by the names given or the usual ones.</summary>
internal sealed class AssetColumns
{
    private static readonly string[] BridgeNames = ["bridge", "bridgeId", "parent", "橋梁番号", "橋梁ID", "橋梁コード"];
    private readonly VectorLayer _layer;
    private readonly List<ImportNote> _faults;
    private readonly int _id;
    private readonly int _name;
    private readonly int _parent;
    private readonly int _river;
    private readonly int _bank;
    private readonly int _km;
    private readonly int _startKm;
    private readonly int _endKm;

    public AssetColumns(VectorLayer layer, AssetImportOptions options, List<ImportNote> faults)
    {
        (_layer, _faults) = (layer, faults);
        string kind = options.Kind;
        bool onRiver = kind is AssetKind.Levee or AssetKind.Mark;
        string[] ids = kind switch
        {
            AssetKind.Element => ["element", "elementId", "member", "部材番号", "要素番号", "id"],
            AssetKind.Bridge => ["id", "assetId", "橋梁番号", "橋梁ID", "橋梁コード", "施設ID", "管理番号"],
            _ => ["id", "assetId", "管理番号", "番号", "施設ID", "路線番号"],
        };
        _id = Find("--id", options.IdField, required: true, ids);
        _name = Find("--name", options.NameField, required: false, "name", "名称", "橋梁名", "施設名", "路線名");
        _parent = kind == AssetKind.Element ? Find("--parent", options.ParentField, required: true, BridgeNames) : -1;
        _river = onRiver ? Find("--river", options.RiverField, required: true, "river", "河川名", "河川") : -1;
        _bank = onRiver ? Find("--bank", options.BankField, required: kind == AssetKind.Levee, "bank", "左右岸", "左右岸別", "岸") : -1;
        _km = kind == AssetKind.Mark ? Find("--km", options.KmField, required: true, "km", "距離標", "キロ程", "KP") : -1;
        _startKm = kind == AssetKind.Levee ? Find("--start-km", options.StartKmField, required: false, "startKm", "起点距離標", "始点距離標") : -1;
        _endKm = kind == AssetKind.Levee ? Find("--end-km", options.EndKmField, required: false, "endKm", "終点距離標") : -1;
    }

    public string? Id(VectorFeature row) => Required(row, _id);

    public string? Name(VectorFeature row) => Text(row, _name);

    public string? Parent(VectorFeature row) => _parent >= 0 ? Required(row, _parent) : null;

    public string? River(VectorFeature row) => _river >= 0 ? Required(row, _river) : null;

    /// <summary>Required of levees; a mark without one stands for both banks.</summary>
    public string? Bank(VectorFeature row, bool required)
    {
        string? text = Text(row, _bank);
        if (MarkText.ParseBank(text) is { } bank)
        {
            return bank == Field.Geo.Linear.Bank.Left ? "left" : "right";
        }

        if (_bank >= 0 && (required || text is not null))
        {
            Fault(row, _bank, AssetFault.Bank(text ?? ""));
        }

        return null;
    }

    public double? Km(VectorFeature row) => Kilometres(row, _km, required: true);

    public double? StartKm(VectorFeature row) => Kilometres(row, _startKm, required: false);

    public double? EndKm(VectorFeature row) => Kilometres(row, _endKm, required: false);

    public void Fault(VectorFeature row, int column, AssetFault fault) =>
        _faults.Add(new ImportNote(row.Row, column >= 0 ? _layer.Fields[column].Name : null, fault));

    private int Find(string option, string? told, bool required, params string[] usual)
    {
        string[] wanted = told is null ? usual : [told];
        foreach (string name in wanted)
        {
            int at = _layer.Fields.Select((f, i) => (f, i)).FirstOrDefault(p => string.Equals(p.f.Name, name, StringComparison.OrdinalIgnoreCase), (null!, -1)).i;
            if (at >= 0)
            {
                return at;
            }
        }

        if (required || told is not null)
        {
            string there = string.Join(", ", _layer.Fields.Select(f => f.Name));
            _faults.Add(new ImportNote(0, told, AssetFault.NoColumn(option, there)));
        }

        return -1;
    }

    private string? Required(VectorFeature row, int column)
    {
        string? text = Text(row, column);
        if (column >= 0 && text is null)
        {
            Fault(row, column, AssetFault.NoValue);
        }
        else if (text is { Length: > 200 })
        {
            Fault(row, column, AssetFault.TooLong);
        }

        return text;
    }

    private double? Kilometres(VectorFeature row, int column, bool required)
    {
        string? text = Text(row, column);
        if (text is not null && MarkText.Parse(text) is { } mark && mark.Bank is null)
        {
            return mark.Km + (mark.MetresUpstream / 1000);
        }

        if (column >= 0 && (required || text is not null))
        {
            Fault(row, column, AssetFault.Kilometres(text ?? ""));
        }

        return null;
    }

    private static string? Text(VectorFeature row, int column) =>
        column >= 0 && Convert.ToString(row.Values[column], CultureInfo.InvariantCulture)?.Trim() is { Length: > 0 } text ? text : null;
}
