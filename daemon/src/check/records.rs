//! TXT records, as one resolver or several see them.

use futures_util::future::join_all;
use mtasts_core::{
    DnsFailure, PolicyDomain, StsRecord,
    dns::{Answer, Question, RecordType},
    lint::{RecordSet, ResolverAnswer, TxtRecord},
};
use mtasts_net::dns::{DnsError, Resolver};
use tokio::time::Instant;

use super::{Checker, Trace};

impl Checker {
    /// The TXT records of a name.
    pub(super) async fn records(
        &self,
        name: &str,
        deadline: Instant,
        trace: &mut Trace,
    ) -> RecordSet {
        match self.ask(name, RecordType::Txt, deadline).await {
            Ok(answer) => RecordSet {
                ttl: (!answer.records.is_empty()).then_some(answer.ttl),
                cname: answer.aliases.clone(),
                records: records(answer),
                ..RecordSet::default()
            },
            Err(error) => {
                trace.dns_errors.push(error.detail);
                RecordSet { failure: Some(error.failure), ..RecordSet::default() }
            }
        }
    }

    /// What the other resolvers answer.
    pub(super) async fn other_answers(&self, name: &str, deadline: Instant) -> Vec<ResolverAnswer> {
        let deadline = self.dns_deadline(deadline);
        let answers = self.settings.others.iter().map(|(shown, resolver)| async move {
            let answer = ask(resolver, name, RecordType::Txt, deadline).await;
            let records = answer.map(records).map_err(|error| error.failure);
            ResolverAnswer { resolver: shown.clone(), records }
        });
        join_all(answers).await
    }

    /// Says so if the parent domain has a record, which does not count here (RFC 8461 §3.4).
    pub(super) async fn look_at_parent(
        &self,
        domain: &PolicyDomain,
        deadline: Instant,
        trace: &mut Trace,
    ) {
        let Some((_, parent)) = domain.as_str().split_once('.') else { return };
        let Ok(parent) = PolicyDomain::from_lookup_key(parent) else { return };
        if !parent.as_str().contains('.') {
            return;
        }
        let answer = self.ask(&parent.txt_name(), RecordType::Txt, deadline).await;
        let is_published = answer
            .and_then(|answer| answer.into_txt().map_err(unexplained))
            .is_ok_and(|txt| StsRecord::select(&txt.records).is_ok());
        if is_published {
            trace.notes.push(format!(
                "{parent} announces a policy, which does not count for {domain}: policies are not \
                 inherited (RFC 8461 §3.4)"
            ));
        }
    }

    pub(super) async fn ask(
        &self,
        name: &str,
        record_type: RecordType,
        deadline: Instant,
    ) -> Result<Answer, DnsError> {
        let resolver = &self.settings.network.resolver;
        ask(resolver, name, record_type, self.dns_deadline(deadline)).await
    }
}

async fn ask(
    resolver: &Resolver,
    name: &str,
    record_type: RecordType,
    deadline: Instant,
) -> Result<Answer, DnsError> {
    let question = Question::new(name, record_type).map_err(|error| DnsError {
        failure: DnsFailure::Other,
        detail: format!("`{}` is {error}", name.escape_debug()),
    })?;
    resolver.query(&question.with_dnssec(), deadline).await
}

fn records(answer: Answer) -> Vec<TxtRecord> {
    answer.strings.into_iter().map(|strings| TxtRecord { strings }).collect()
}

/// A refusal, which the resolver never lets pass.
pub(super) fn unexplained(failure: DnsFailure) -> DnsError {
    DnsError { failure, detail: "the answer is a refusal".into() }
}
