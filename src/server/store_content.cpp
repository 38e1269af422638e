#include "server/store_content.h"

#include <utility>

#include "report/analysis_report.h"
#include "report/models.h"

namespace wattfor {

// The name comes first: what is added meanwhile belongs to the next one, and is read again then.
StoreContent::StoreContent(const Store& store)
    : version_(store.state_name()),
      training_runs_(store.training_runs()),
      sources_(store.sources()) {
  const std::vector<Measurement> records = store.measurements();
  const RecordIds imported = store.imported();
  models_ = models_of(store, records, imported);
  batch_curves_ = batch_curves_of(records, imported);
}

const Findings& StoreContent::findings() const {
  std::call_once(analyzed_, [this] {
    Analysis analysis = analyze(models_, training_runs_, {}, batch_curves_);
    Report report = report_of(analysis, sources_);
    findings_ = std::make_unique<const Findings>(
        Findings{.analysis = std::move(analysis), .report = std::move(report)});
  });
  return *findings_;
}

}  // namespace wattfor
